"""Arrays in, arrays out: the inner loops of the indexes, in numba, each beside a plain reference.

| family | fast | plain, and the oracle of its tests |
|---|---|---|
| `hamming` | flat scan of all codes | `reference.scan` |
| `ring` | exact search by buckets | `reference.ring`, `reference.postings` |
| `select` | order and unpack what a scan found | `reference.order` |

Nothing is imported here: `reference` needs NumPy alone, and importing any other of them loads
numba.
"""
