import numpy as np

from hashmatch.kernels import reference


def test_search_by_hand():
    codes = np.zeros((4, 8), np.uint8)
    codes[1, 0] = 0b111
    codes[2, 7] = 0b1
    matches = reference.search(codes, codes[[0, 1]], 2)
    assert matches.offsets.tolist() == [0, 3, 4]
    assert matches.ids.tolist() == [0, 3, 2, 1]
    assert matches.distances.tolist() == [0, 0, 1, 0]
