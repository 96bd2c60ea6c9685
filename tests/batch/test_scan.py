"""Two workers find what one machine finds. Skipped where Ray, an extra, is not installed."""

import importlib
import os
import signal
import warnings

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hashmatch.batch import publish, scan_archive
from hashmatch.batch import scan as module
from hashmatch.errors import SnapshotError
from hashmatch.pipeline.scan import scan
from hashmatch.registry import Registry
from hashmatch.types import Hash

GENERATOR = np.random.default_rng(8)


@pytest.fixture(scope="module")
def cluster():
    """A Ray cluster of this machine, which ends with the tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of Ray's own imports
        ray = pytest.importorskip("ray", reason="the extra 'ray' is not installed")
        os.environ["RAY_ENABLE_UV_RUN_RUNTIME_ENV"] = "0"
        ray.init(
            num_cpus=2,
            include_dashboard=False,
            object_store_memory=128 << 20,
            configure_logging=False,
            log_to_driver=False,
        )
        importlib.import_module("ray.data").DataContext.get_current().enable_progress_bars = False
        try:
            yield ray
        finally:
            ray.shutdown()


@pytest.fixture
def archive(tmp_path):
    base = GENERATOR.integers(0, 256, (10, 32), np.uint8)
    with Registry.open(tmp_path / "registry") as registry:
        for _ in range(2):
            codes = [near(code, 4) for code in base]
            registry.add("default", [Hash("pdq", code.tobytes(), 90) for code in codes], source="t")
    (tmp_path / "archive").mkdir()
    for number in range(2):
        codes = [near(base[k % 10], int(GENERATOR.integers(45))) for k in range(90)]
        table = pa.table(
            {
                "path": [f"{number}-{row}.jpg" for row in range(90)],
                "hash": pa.array([code.tobytes() for code in codes], pa.binary(32)),
            }
        )
        pq.write_table(table, tmp_path / f"archive/{number}.parquet", row_group_size=40)
    return tmp_path / "archive"


def near(code, distance):
    bits = np.unpackbits(code)
    bits[GENERATOR.choice(256, distance, replace=False)] ^= 1
    return np.packbits(bits)


def local(archive, tmp_path, since):
    summary = scan(archive, tmp_path / f"out{since}", tmp_path / "registry", since=since)
    tables = [pq.read_table(part) for part in sorted((tmp_path / f"out{since}/matches").iterdir())]
    assert summary.block + summary.review > 50
    return pa.concat_tables(tables)


def in_order(table):
    return table.sort_by([(name, "ascending") for name in ("file", "row", "entry")]).to_pylist()


@pytest.mark.parametrize("since", [0, 11])
@pytest.mark.filterwarnings("ignore")  # Ray's
def test_workers_find_what_one_machine_finds(cluster, archive, tmp_path, since):
    after = publish(tmp_path / "registry", tmp_path / "lists", since=since)
    assert after == (10 if since else 0)
    found = scan_archive(str(archive), tmp_path / "lists", after=after, workers=2)
    found.write_parquet(str(tmp_path / "far"))
    far = pq.read_table(tmp_path / "far")
    assert in_order(far) == in_order(local(archive, tmp_path, since))
    assert cluster.is_initialized()


@pytest.mark.filterwarnings("ignore")  # Ray's
@pytest.mark.usefixtures("cluster")
def test_a_worker_that_is_killed_costs_nothing(archive, tmp_path, monkeypatch):
    killed = tmp_path / "killed"

    class Dying(module._Worker):
        def __call__(self, batch):
            if not killed.exists():
                killed.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return super().__call__(batch)

    monkeypatch.setattr(module, "_Worker", Dying)
    publish(tmp_path / "registry", tmp_path / "lists")
    scan_archive(str(archive), tmp_path / "lists", workers=2).write_parquet(str(tmp_path / "far"))
    assert killed.exists()
    assert in_order(pq.read_table(tmp_path / "far")) == in_order(local(archive, tmp_path, 0))


@pytest.mark.filterwarnings("ignore")  # Ray's
@pytest.mark.usefixtures("cluster")
def test_lists_that_are_not_published_are_told(archive, tmp_path):
    with pytest.raises(SnapshotError, match="No lists are published in"):
        scan_archive(str(archive), tmp_path / "lists")
