import re

import numpy as np
import pyarrow as pa
import pytest

from hashmatch.types import Hash

ARROW = {"Content-Type": "application/vnd.apache.arrow.stream"}
NEAR = bytes.fromhex("8792786c87937064bf1bc0e43f1fc0e03f1cc2e33da4c2537cec821b2ce4f376")
FAR = bytes(byte ^ 0xA5 for byte in NEAR)


@pytest.fixture
def counted(client):
    """`counted(name)`: the value of a metric."""

    def read(name):
        found = re.search(rf"^{re.escape(name)} (\S+)$", client.get("/metrics").text, re.MULTILINE)
        return None if found is None else float(found[1])

    return read


def test_each_list_has_its_hits_matches_and_distances(client, tokens, registry, caught_up, counted):
    registry.create_list("other")
    one_bit = bytes([NEAR[0] ^ 1]) + NEAR[1:]
    registry.add("default", [Hash("pdq", NEAR, 90), Hash("pdq", one_bit, 90)], source="test")
    registry.add("other", [Hash("pdq", NEAR, 90)], source="test")
    caught_up()
    codes = np.frombuffer(NEAR + FAR + NEAR, np.uint8).reshape(3, 32)
    table = pa.table({"code": pa.array([code.tobytes() for code in codes], pa.binary(32))})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    body = bytes(sink.getvalue())
    answer = client.post("/v1/matches", content=body, headers={**ARROW, **tokens["check"]})
    assert answer.status_code == 200
    assert counted('hashmatch_codes_total{action="block"}') == 2
    assert counted('hashmatch_codes_total{action="pass"}') == 1
    assert counted('hashmatch_hits_total{list="default"}') == 2
    assert counted('hashmatch_hits_total{list="other"}') == 2
    assert counted('hashmatch_matches_total{action="block",list="default"}') == 4
    assert counted('hashmatch_match_distance_bucket{le="0.0",list="default"}') == 2
    assert counted('hashmatch_match_distance_bucket{le="4.0",list="default"}') == 4
    assert counted("hashmatch_entries") == 3
    assert counted("hashmatch_entries_held") == 0
    assert counted("hashmatch_processes") == 1
    assert 0 <= counted("hashmatch_generation_age_seconds") < 60


def test_an_upload_counts_once_a_list(client, tokens, registry, picture, caught_up, counted):
    from hashmatch import hash_image

    listed = hash_image(picture)
    near = Hash("pdq", bytes([listed.code[0] ^ 1]) + listed.code[1:], 90)
    registry.add("default", [listed, near], source="test")
    caught_up()
    client.post("/v1/checks", content=picture, headers=tokens["check"])
    assert counted('hashmatch_hits_total{list="default"}') == 1
    assert counted('hashmatch_matches_total{action="block",list="default"}') == 2
    assert counted('hashmatch_match_distance_count{list="default"}') == 2
