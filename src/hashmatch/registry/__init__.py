"""Hash lists, entries, cases and the change feed: the truth that indexes are caches of."""
