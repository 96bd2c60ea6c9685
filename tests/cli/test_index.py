import json

import numpy as np
import pytest

from hashmatch.indexes import LiveIndex, RingIndex


@pytest.fixture
def codes(here):
    codes = np.random.default_rng(3).integers(0, 256, (400, 32), np.uint8)
    np.save(here / "codes.npy", codes)
    return codes


@pytest.fixture
def tiny_ring(here):
    """A recipe with buckets also for few codes."""
    (here / "tiny.toml").write_text(
        'kind = "ring"\n[parameters]\nflat_below = 1\nbit_order = "standard"\n'
    )
    return "tiny.toml"


def test_an_index_is_built_of_a_file_and_can_be_searched(run, here, codes, tiny_ring):
    ran = run("index", "build", "codes.npy", "index", "--recipe", tiny_ring, "--json")
    assert ran.code == 0
    told = ran.lines[0]
    assert (told["kind"], told["codes"], told["bits"], told["recipe"]) == ("ring", 400, 256, "tiny")
    assert told["buckets"]["tables"] == 16
    assert told["build_seconds"] >= 0
    index = RingIndex.open(here / "index")
    assert index.search(codes[7:8], 0)[0].ids.tolist() == [7]


def test_inspect_shows_what_there_is(run, codes, tiny_ring):
    del codes
    run("index", "build", "codes.npy", "index", "--recipe", tiny_ring)
    ran = run("index", "inspect", "index", "--verify")
    assert ran.code == 0
    for word in ("ring, 400 codes of 256 bits", "16 tables", "skew", "seconds ago", "codes.faiss",
                 "every byte", "tiny"):  # fmt: skip
        assert word in ran.out, word
    told = run("index", "inspect", "index", "--json").lines[0]
    assert told["files"].keys() == {"codes.faiss", "starts.npy", "rows.npy", "tags.npy"}
    assert told["generation"] is None
    assert told["verified"] is False


def test_a_flat_recipe_makes_files_without_buckets(run, here, codes):
    told = run("index", "build", "codes.npy", "flat", "--recipe", "flat", "--json").lines[0]
    assert told["buckets"] is None
    assert told["files"].keys() == {"codes.faiss"}
    assert len(RingIndex.open(here / "flat")) == len(codes)
    assert "every code is looked at" in run("index", "inspect", "flat").out


def test_an_index_is_built_of_a_hash_list_with_its_entries_ids(run, here):
    from hashmatch.indexes.generation import Generation

    run("list", "create", "partners")
    for name, start in (("default", 1), ("partners", 100)):
        lines = (f"{number * 7919:064x}" for number in range(start, start + 20))
        (here / "in.txt").write_text("\n".join(lines))
        assert run("list", "import", name, "in.txt").code == 0
    told = run("index", "build", "--list", "partners", "var/index", "--json").lines[0]
    assert (told["codes"], told["generation"]) == (20, 1)
    assert told["sequence"] > 0
    generation = Generation.open(here / "var/index")
    asked = np.frombuffer(bytes.fromhex(f"{105 * 7919:064x}"), np.uint8).reshape(1, -1)
    (row,) = generation.index.search(asked, 0)[0].ids
    assert generation.ids[row] > 20  # the other list was filled first
    assert "generation  1" in run("index", "inspect", "var/index").out


def test_a_list_without_entries_of_the_hasher_is_told(run):
    ran = run("index", "build", "--list", "default", "index")
    assert ran.code == 2
    assert "no entries by the hasher 'pdq'" in ran.err
    assert run("index", "build", "--list", "nowhere", "index").code == 2


def test_of_generations_the_newest_is_shown(run, here, codes):
    with LiveIndex.build(np.arange(400), codes, here / "live", sequence=5) as index:
        index.add(np.array([400]), codes[:1], sequence=6)
        index.compact()
    (here / "live/generation-0000000001.old").mkdir()
    told = run("index", "inspect", "live", "--json").lines[0]
    assert (told["generation"], told["sequence"], told["codes"]) == (2, 6, 401)


def test_of_what_a_node_has_each_index_is_shown(run, here):
    from hashmatch.matching import Matcher
    from hashmatch.matching.snapshots import Folder
    from hashmatch.registry import Registry

    (here / "in.txt").write_text("\n".join(f"{number:064x}" for number in range(1, 21)))
    assert run("list", "import", "default", "in.txt").code == 0
    folder = Folder(here / "snapshots")
    with Registry.open("var/hashmatch") as registry, Matcher(registry, snapshots=folder) as matcher:
        folder.put(matcher._kept.generation)
        sequence = registry.sequence()
    ran = run("index", "inspect", "snapshots", "--verify", "--json")
    told = {line["folder"].rpartition("/")[2]: line for line in ran.lines}
    assert told["pdq"]["codes"] == 20
    for line in told.values():
        assert (line["generation"], line["sequence"]) == (1, sequence)
        assert line["verified"]
    shown = run("index", "inspect", "snapshots").out
    assert "snapshots/generation-0000000001/pdq\n" in shown
    assert "20 codes of 256 bits" in shown


def test_a_folder_that_exists_is_not_written_over(run, here, codes):
    del codes
    (here / "index").mkdir()
    ran = run("index", "build", "codes.npy", "index")
    assert ran.code == 2
    assert "exists. Build to a new name" in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["index"], "Name a file of codes and the FOLDER"),
        ([], "Name a file of codes and the FOLDER"),
        (["a", "b", "c"], "Name a file of codes and the FOLDER"),
        (["codes.npy", "index", "--list", "default"], "no file of codes"),
        (["gone.npy", "index"], "gone.npy cannot be read"),
        (["codes.csv", "index"], "does not tell what file of codes it is"),
        (["codes.npy", "index", "--recipe", "rung"], "no recipe 'rung'. Known are"),
        (["codes.npy", "index", "--recipe", "faiss-hnsw"], "has no files"),
    ],
)
def test_wrong_arguments_are_told_with_a_remedy(run, here, codes, arguments, message):
    del codes
    ran = run("index", "build", *arguments)
    assert ran.code == 2
    assert message in ran.err
    assert not (here / "index").exists()


def test_damage_is_told_by_file(run, here, codes, tiny_ring):
    del codes
    run("index", "build", "codes.npy", "index", "--recipe", tiny_ring)
    tags = here / "index/tags.npy"
    altered = bytearray(tags.read_bytes())
    altered[-40] ^= 1
    tags.write_bytes(altered)
    ran = run("index", "inspect", "index", "--verify")
    assert ran.code == 2
    assert "tags.npy is not the one that was written" in ran.err


def test_a_folder_without_an_index_is_told(run, here):
    (here / "empty").mkdir()
    for name in ("empty", "nowhere"):
        ran = run("index", "inspect", name)
        assert ran.code == 2
        assert "There is no snapshot at" in ran.err


def test_a_newer_format_is_told(run, here, codes):
    del codes
    run("index", "build", "codes.npy", "index")
    manifest = json.loads((here / "index/manifest.json").read_text())
    (here / "index/manifest.json").write_text(json.dumps(manifest | {"format": 99}))
    ran = run("index", "inspect", "index")
    assert ran.code == 2
    assert "tells of format 99" in ran.err
