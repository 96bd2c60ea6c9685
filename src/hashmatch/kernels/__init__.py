"""Arrays in, arrays out: the inner loops of the indexes, in numba, each beside a plain reference."""
