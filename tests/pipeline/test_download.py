"""A snapshot over HTTP, piece by piece, with all that may go wrong on the way."""

import os

import httpx
import pytest
from following import found
from serving import until

from hashmatch.errors import (
    SnapshotError,
)
from hashmatch.matching import Folder, publisher
from hashmatch.pipeline import download


class TestDownload:
    def test_goes_on_where_it_was_interrupted(self, published, token, tmp_path, codes, monkeypatch):
        monkeypatch.setattr(download, "PIECE", 10_000)
        folder = Folder(tmp_path / "cache")
        asked = []
        with download.Client(published, token) as client:
            run, left = client.run, [4]

            def interrupted(call):
                if call.__name__ == "piece":
                    asked.append(dict(call.gi_frame.f_locals))
                    left[0] -= 1
                    if left[0] == 0:
                        raise KeyboardInterrupt
                return run(call)

            monkeypatch.setattr(client, "run", interrupted)
            with pytest.raises(KeyboardInterrupt):
                download.download(client, folder)
            assert folder.newest(0) is None
            assert download.download(client, folder)
        starts = [(each["file"], each["start"]) for each in asked]
        assert len(starts) == len(set(starts)) + 1  # the piece that was interrupted
        assert folder.newest(0).shelves["pdq"].within(codes[:2], 0).ids.tolist() == [1, 2]
        assert {path.name for path in folder.folder.iterdir()} == {"generation-0000000001"}

    def test_what_is_there_but_spoilt_is_fetched_again(self, published, token, tmp_path):
        folder = Folder(tmp_path / "cache")
        with download.Client(published, token) as client:
            told = client.run(download.calls.snapshot())
            digest = told["manifest"]["sha256"]
            name = download.hashlib.sha256(digest.encode()).hexdigest()[:16]
            place = folder.folder / f".download-{name}" / "pdq"
            place.mkdir(parents=True)
            (place / "codes.faiss").write_bytes(b"spoilt")
            (place / "ids.arrow").write_bytes(bytes(10**6))
            assert download.download(client, folder)
        assert folder.newest(0) is not None

    @pytest.mark.parametrize("name", ["../../evil", "/tmp/evil", "a/../../evil"])  # noqa: S108
    def test_names_that_lead_elsewhere_are_refused(self, published, token, tmp_path, name):
        from hashmatch.indexes import snapshot

        with download.Client(published, token) as client:
            manifest = client.run(download.calls.snapshot())["manifest"]
        manifest["files"][name] = {"bytes": 1, "sha256": "0" * 64}
        manifest["sha256"] = snapshot._digest_of(manifest)
        told = {"generation": 1, "sequence": 1, "manifest": manifest}
        transport = httpx.MockTransport(lambda _: httpx.Response(200, json=told))
        with (
            download.Client("http://a", transport=transport) as client,
            pytest.raises(SnapshotError, match="not of a snapshot"),
        ):
            download.download(client, Folder(tmp_path / "cache"))
        assert not (tmp_path / "evil").exists()

    def test_it_is_replaced_while_it_is_fetched(
        self, published, token, tmp_path, filled, monkeypatch
    ):
        monkeypatch.setattr(publisher, "FORGET_SECONDS", 0)
        monkeypatch.setattr("hashmatch.matching.snapshots.SPARED_SECONDS", -1)
        folder = Folder(tmp_path / "cache")
        with download.Client(published, token) as client:
            run, first = client.run, [True]

            def replaced(call):
                if call.__name__ == "piece" and first:
                    first.pop()
                    filled.withdraw([5])
                    until(lambda: (run(download.calls.snapshot()) or {}).get("generation") == 2)
                return run(call)

            monkeypatch.setattr(client, "run", replaced)
            assert download.download(client, folder)
        assert len(folder.newest(0).shelves["pdq"]) == 1499

    def test_a_full_disk(self, published, opened, monkeypatch, codes):
        def full(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(SnapshotError, match="No space left"):
            opened(published)
        monkeypatch.undo()
        assert found(opened(published), codes[:2]) == [1, 2]
