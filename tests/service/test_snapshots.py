"""The snapshot over HTTP: what is fetched is what is served, in parts and whole."""

import hashlib
import json

import numpy as np
import pytest
from serving import until

from hashmatch.matching import Folder
from hashmatch.types import Hash


@pytest.fixture
def filled(registry, client, caught_up):
    codes = np.random.default_rng(2).integers(0, 256, (1200, 32), np.uint8)
    registry.add("default", [Hash("pdq", code.tobytes(), 80) for code in codes], source="test")
    caught_up()
    del client
    return codes


@pytest.fixture
def told(filled, client, tokens):
    """What the service says of its snapshot."""
    del filled
    answers = []

    def there():
        answers.append(client.get("/v1/snapshot", headers=tokens["check"]))
        return answers[-1].status_code == 200

    until(there)
    return answers[-1].json()


def test_it_is_fetched_file_by_file_and_opened(told, client, tokens, tmp_path, filled):
    place = tmp_path / "fetched" / "generation-0000000001"
    for name, facts in told["manifest"]["files"].items():
        url = f"/v1/snapshot/{told['generation']}/{name}"
        answer = client.get(url, headers=tokens["check"])
        assert answer.status_code == 200
        assert hashlib.sha256(answer.content).hexdigest() == facts["sha256"]
        assert answer.headers["etag"] == f'"{facts["sha256"]}"'
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(answer.content)
    (place / "manifest.json").write_text(json.dumps(told["manifest"]))
    generation = Folder(place.parent).newest(0)
    assert generation.sequence == told["sequence"] >= 1200
    assert generation.shelves["pdq"].within(filled[:5], 0).ids.tolist() == [1, 2, 3, 4, 5]


def test_a_part_of_a_file(told, client, tokens):
    url = f"/v1/snapshot/{told['generation']}/pdq/codes.faiss"
    whole = client.get(url, headers=tokens["check"]).content
    size = told["manifest"]["files"]["pdq/codes.faiss"]["bytes"]
    assert len(whole) == size
    answer = client.get(url, headers={**tokens["check"], "Range": "bytes=100-199"})
    assert (answer.status_code, answer.content) == (206, whole[100:200])
    assert answer.headers["content-range"] == f"bytes 100-199/{size}"
    answer = client.get(url, headers={**tokens["check"], "Range": f"bytes={size}-"})
    assert answer.status_code == 416
    headers = {**tokens["check"], "Range": "bytes=5-", "If-Range": '"of another file"'}
    assert client.get(url, headers=headers).content == whole


def test_none_is_there_yet(client, tokens):
    answer = client.get("/v1/snapshot", headers=tokens["check"])
    assert (answer.status_code, answer.json()["reason"]) == (404, "snapshot_not_found")


@pytest.mark.parametrize(
    "path",
    [
        "99/pdq/codes.faiss",
        "x/pdq/codes.faiss",
        "²/pdq/codes.faiss",
        "1/pdq/nothing",
        "1/manifest.json",
        "1/seal.json",
        "1/%2e%2e/%2e%2e/registry.sqlite3",
        "1/..%2f..%2fregistry.sqlite3",
        "123456789012345678901234567890/pdq/codes.faiss",
    ],
)
def test_other_files_are_not_there(told, client, tokens, path):
    assert told["generation"] == 1
    answer = client.get(f"/v1/snapshot/{path}", headers=tokens["check"])
    assert answer.status_code == 404


def test_it_takes_a_token(told, client, tokens):
    for path in ("", f"/{told['generation']}/pdq/codes.faiss"):
        assert client.get(f"/v1/snapshot{path}").status_code == 401
        assert client.get(f"/v1/snapshot{path}", headers=tokens["submit"]).status_code == 403


def test_the_feed_tells_how_far_there_is_to_go(client, tokens, registry, filled):
    answer = client.get("/v1/changes?after=5&limit=10", headers=tokens["check"]).json()
    assert answer["newest"] == registry.sequence() > len(filled)
    assert (answer["sequence"], answer["more"]) == (15, True)
