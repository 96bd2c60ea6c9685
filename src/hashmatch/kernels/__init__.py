"""Arrays in, arrays out: the inner loops of the indexes, in numba, each beside a plain reference.

| family | fast | plain, and the oracle of its tests |
|---|---|---|
| `hamming` | flat scan of all codes | `reference.scan` |
| `buckets` | codes dealt to chunks, and sorted by them | `reference.chunks`, `reference.postings` |
| `ring`, `probe`, `blocks`, `sweep` | search by buckets, one query or many | `reference.ring` |
| `delta`, `columns`, `changed` | search in a list that changes | `reference.search` |
| `select` | order and unpack what a scan found | `reference.order` |

`intrinsics` and `memory` hold what numba does not offer. Nothing is imported here: `reference`
needs NumPy alone, and importing any other of them loads numba.
"""
