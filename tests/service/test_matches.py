import numpy as np
import pyarrow as pa
import pytest

from hashmatch.types import Hash

ARROW = "application/vnd.apache.arrow.stream"


@pytest.fixture
def entries(registry, caught_up):
    """Two entries: one that blocks, and one that allows."""
    registry.create_list("harmless", allow_list=True)
    (one,) = registry.add("default", [Hash("pdq", b"\x0f" * 32, 90)], source="test").entries
    (two,) = registry.add("harmless", [Hash("pdq", b"\xf0" * 32, 90)], source="test").entries
    caught_up()
    return one, two


def arrow(codes, qualities=None, kind=None):
    columns = {"code": pa.array(codes, kind or pa.binary(32))}
    if qualities is not None:
        columns["quality"] = pa.array(qualities, pa.int16())
    sink = pa.BufferOutputStream()
    table = pa.table(columns)
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


CODES = [b"\x0f" * 32, b"\x0e" + b"\x0f" * 31, b"\xf0" * 32, bytes(range(32))]


def test_json(client, tokens, entries):
    one, two = entries
    body = {"codes": [code.hex() for code in CODES], "qualities": [90, None, 90, 90]}
    answer = client.post("/v1/matches", json=body, headers=tokens["check"]).json()
    assert answer["results"] == [
        {
            "action": "block",
            "matches": [{"entry": one, "list": "default", "distance": 0, "action": "block"}],
        },
        {
            "action": "block",
            "matches": [{"entry": one, "list": "default", "distance": 1, "action": "block"}],
        },
        {
            "action": "pass",
            "matches": [{"entry": two, "list": "harmless", "distance": 0, "action": "pass"}],
        },
        {"action": "pass", "matches": []},
    ]


def test_arrow(client, tokens, entries):
    one, two = entries
    answer = client.post(
        "/v1/matches",
        content=arrow(CODES),
        headers={**tokens["check"], "Content-Type": ARROW},
    )
    assert answer.headers["content-type"] == ARROW
    table = pa.ipc.open_stream(answer.content).read_all()
    assert table.to_pylist() == [
        {"query": 0, "entry": one, "list": "default", "distance": 0, "action": "block"},
        {"query": 1, "entry": one, "list": "default", "distance": 1, "action": "block"},
        {"query": 2, "entry": two, "list": "harmless", "distance": 0, "action": "pass"},
    ]


@pytest.mark.usefixtures("entries")
def test_codes_of_low_quality_match_nothing(client, tokens):
    body = {"codes": [CODES[0].hex()], "qualities": [10]}
    answer = client.post("/v1/matches", json=body, headers=tokens["check"]).json()
    assert answer["results"] == [{"action": "pass", "matches": []}]
    content = arrow(CODES[:1], [10])
    headers = {**tokens["check"], "Content-Type": ARROW}
    answer = client.post("/v1/matches", content=content, headers=headers)
    assert pa.ipc.open_stream(answer.content).read_all().num_rows == 0


@pytest.mark.parametrize("count", [0, 1, 3000])
@pytest.mark.usefixtures("entries")
def test_any_number_of_codes(client, tokens, count):
    codes = [np.random.default_rng(k).bytes(32) for k in range(count)]
    headers = {**tokens["check"], "Content-Type": ARROW}
    answer = client.post("/v1/matches", content=arrow(codes), headers=headers)
    assert answer.status_code == 200
    answer = client.post(
        "/v1/matches", json={"codes": [code.hex() for code in codes]}, headers=tokens["check"]
    )
    assert len(answer.json()["results"]) == count


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ({"codes": ["00"]}, 422, "invalid_codes"),
        ({"codes": ["zz" * 32]}, 422, "invalid_codes"),
        ({"codes": ["0 " * 32]}, 422, "invalid_codes"),
        ({"codes": [7]}, 422, "invalid_codes"),
        ({"codes": ["é" * 64]}, 422, "invalid_codes"),
        ({"codes": ["00" * 32], "qualities": []}, 422, "invalid_codes"),
        ({"codes": ["00" * 32], "qualities": [101]}, 422, "invalid_codes"),
        ({"codes": ["00" * 32], "qualities": ["x"]}, 422, "invalid_codes"),
        ({"codes": [], "hasher": "none"}, 422, "unknown_hasher"),
        ({"codes": ["00" * 32] * 10_001}, 400, "bad_request"),
        ({"code": []}, 400, "bad_request"),
        ({}, 400, "bad_request"),
    ],
)
def test_json_that_is_refused(client, tokens, body, status, reason):
    answer = client.post("/v1/matches", json=body, headers=tokens["check"])
    assert (answer.status_code, answer.json()["reason"]) == (status, reason)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"garbage" * 100,
        arrow(CODES)[:200],
        arrow([b"\0" * 16], kind=pa.binary(16)),
        arrow([b"\0" * 32] * 10_001),
        arrow([5], kind=pa.int64()),
        arrow([None]),
    ],
)
def test_arrow_that_is_refused(client, tokens, content):
    headers = {**tokens["check"], "Content-Type": ARROW}
    answer = client.post("/v1/matches", content=content, headers=headers)
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
