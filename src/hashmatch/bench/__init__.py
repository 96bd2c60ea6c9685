"""The benchmarks as a product: indexes and hashers beside their peers, measured turn by turn."""

from typing import TYPE_CHECKING

from hashmatch.lazily import lazily

if TYPE_CHECKING:
    from hashmatch.bench.files import prepare, write
    from hashmatch.bench.hashing import HashReport, measure_hashing
    from hashmatch.bench.machine import describe
    from hashmatch.bench.measuring import measure
    from hashmatch.bench.results import BatchResult, Report, Result
    from hashmatch.bench.workload import Workload

__all__ = [
    "BatchResult",
    "HashReport",
    "Report",
    "Result",
    "Workload",
    "describe",
    "measure",
    "measure_hashing",
    "prepare",
    "write",
]

_HOMES = {
    "BatchResult": "results",
    "HashReport": "hashing",
    "Report": "results",
    "Result": "results",
    "Workload": "workload",
    "describe": "machine",
    "measure": "measuring",
    "measure_hashing": "hashing",
    "prepare": "files",
    "write": "files",
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
