"""Files of compiled kernels: what is kept, what is trusted, and where."""

import warnings
from pathlib import Path

import pytest

from hashmatch.kernels import kept

CODE = b"machine code"


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kernels"))
    return tmp_path / "kernels"


def test_what_is_kept_is_read_and_nothing_else(place):
    assert kept.read("probe") is None
    kept.write("probe", CODE)
    assert kept.read("probe") == CODE
    assert kept.read("sweep") is None
    assert len(list(place.iterdir())) == 1


@pytest.mark.parametrize(
    "harm",
    [
        lambda _: b"",
        lambda content: content[:20],
        lambda content: content[:-1],
        lambda content: content + b"\0",
        lambda content: content[:-1] + b"?",
        lambda content: bytes([content[0] ^ 1]) + content[1:],
    ],
    ids=["empty", "short", "cut", "long", "altered", "other checksum"],
)
def test_a_damaged_file_is_none_and_is_replaced(place, harm):
    kept.write("probe", CODE)
    (file,) = place.iterdir()
    file.write_bytes(harm(file.read_bytes()))
    assert kept.read("probe") is None
    kept.write("probe", CODE)
    assert kept.read("probe") == CODE


@pytest.mark.parametrize("part", ["_machine", "_version"])
def test_a_file_of_another_machine_or_version_is_none_under_any_name(place, part, monkeypatch):
    kept.write("probe", CODE)
    own = next(place.iterdir())
    monkeypatch.setattr(kept, part, lambda: 64 * "0")
    assert kept.read("probe") is None
    own.rename(place / kept._file("probe"))
    assert kept.read("probe") is None


def test_a_file_of_another_kernel_is_none_under_any_name(place):
    kept.write("probe", CODE)
    (place / kept._file("probe")).rename(place / kept._file("sweep"))
    assert kept.read("sweep") is None


def test_every_source_and_both_compilers_are_in_the_version(tmp_path, monkeypatch):
    def version():
        kept._version.cache_clear()
        return kept._version()

    seen = {version()}
    monkeypatch.setattr(kept, "SOURCES", tmp_path)
    seen.add(version())
    for text in ("one", "two"):
        (tmp_path / "ring.py").write_text(text)
        seen.add(version())
    (tmp_path / "ring.py").rename(tmp_path / "gnir.py")
    seen.add(version())
    monkeypatch.setattr(kept.llvmlite, "__version__", "0")
    seen.add(version())
    monkeypatch.setattr(kept, "find_spec", lambda _: None)
    seen.add(version())
    kept._version.cache_clear()
    assert len(seen) == 7


def test_without_a_place_of_ones_own_it_is_beside_the_sources_or_among_the_caches(
    tmp_path, monkeypatch
):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setattr(kept.sys, "platform", "linux")
    beside = tmp_path / "beside"
    monkeypatch.setattr(kept, "BESIDE", beside)
    own = tmp_path / "caches" / "hashmatch" / "kernels"
    assert kept.places() == (beside, own)
    kept.write("probe", CODE)
    assert len(list(beside.iterdir())) == 1
    assert not own.exists()


def test_where_nothing_can_be_written_beside_the_sources_it_is_among_the_caches(
    tmp_path, monkeypatch
):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setattr(kept.sys, "platform", "linux")
    in_the_way = tmp_path / "beside"
    in_the_way.write_bytes(b"")
    monkeypatch.setattr(kept, "BESIDE", in_the_way)
    kept.write("probe", CODE)
    assert kept.read("probe") == CODE
    assert len(list((tmp_path / "caches" / "hashmatch" / "kernels").iterdir())) == 1


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_every_system_has_its_own_place_for_caches(system, tmp_path, monkeypatch):
    monkeypatch.setattr(kept.sys, "platform", system)
    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    caches = {"linux": ".cache", "darwin": "Library/Caches", "win32": "AppData/Local"}
    assert kept.places()[1] == tmp_path / caches[system] / "hashmatch" / "kernels"


def test_a_user_without_a_home_keeps_kernels_beside_the_sources_only(monkeypatch):
    def homeless(_):
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(Path, "expanduser", homeless)
    assert kept.places() == (kept.BESIDE,)


def test_an_older_version_beside_the_sources_makes_way(tmp_path, monkeypatch):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(kept, "BESIDE", tmp_path)
    kept.write("post", CODE)
    with monkeypatch.context() as other:
        other.setattr(kept, "_machine", lambda: 64 * "a")
        kept.write("probe", CODE)
    with monkeypatch.context() as older:
        older.setattr(kept, "_version", lambda: 64 * "b")
        kept.write("probe", CODE)
    kept.write("probe", CODE)
    assert kept.read("post") == kept.read("probe") == CODE
    assert len(list(tmp_path.iterdir())) == 3


def test_that_nothing_can_be_kept_is_said_once_however_many_kernels_there_are(
    tmp_path, monkeypatch, recwarn
):
    (tmp_path / "file").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    kept._warn.cache_clear()
    for name in ("probe", "sweep"):
        warnings.simplefilter("always")
        kept.write(name, CODE)
    (said,) = recwarn
    assert f"cannot be kept in {tmp_path / 'file'}" in str(said.message)
    assert "NUMBA_CACHE_DIR" in str(said.message)
