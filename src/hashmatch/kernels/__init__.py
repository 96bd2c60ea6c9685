"""Arrays in, arrays out: the inner loops of the indexes, in numba, each beside a plain reference.

| family | fast | plain, and the oracle of its tests |
|---|---|---|
| `hamming` | flat scan of all codes | `reference.scan` |
| `buckets` | codes dealt to chunks, and sorted by them | `reference.chunks`, `reference.postings` |
| `ring`, `probe`, `blocks`, `sweep` | search by buckets, one query or many | `reference.ring` |
| `delta`, `columns`, `changed` | search in a list that changes | `reference.search` |
| `select` | order and unpack what a scan found | `reference.order` |
| `consensus` | votes for a placement | `consensus_reference` |

Each of these defines kernels, and importing it loads numba; `signatures`, `intrinsics` and
`memory` hold what they are written with. Nobody has to import them: `calls` gives the kernels as
functions, which `loading` loads as machine code from files (`kept`), or from `compiling` where
there is none yet. So a search in a new process loads LLVM's linker, and no numba. `layout` is what
kernels and callers agree on.
"""
