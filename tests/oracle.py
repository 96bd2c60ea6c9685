"""`pdqhash`, the binding of PDQ's reference, where it could be built."""

import pytest

pdqhash = pytest.importorskip(
    "pdqhash", reason="pdqhash, the reference of PDQ, could not be built on this machine"
)
