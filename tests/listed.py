"""What tests of changing lists share: codes, and what brute force says of a dictionary of them."""

import numpy as np

from hashmatch.kernels import reference


def some(random, count):
    return random.integers(0, 256, (count, 32), np.uint8)


def expected(model, queries, radius):
    """What brute force over a dictionary of ids and codes answers."""
    ids = np.array(sorted(model), np.int64)
    codes = np.frombuffer(b"".join(model[name] for name in ids.tolist()), np.uint8)
    matches = reference.search(codes.reshape(-1, 32), queries, radius)
    return matches.offsets, ids[matches.ids] if len(ids) else matches.ids, matches.distances


def assert_holds(index, model, queries, radius=60):
    got = index.search(queries, radius)
    offsets, ids, distances = expected(model, queries, radius)
    np.testing.assert_array_equal(got.offsets, offsets)
    np.testing.assert_array_equal(got.ids, ids)
    np.testing.assert_array_equal(got.distances, distances)
    assert len(index) == len(model)
