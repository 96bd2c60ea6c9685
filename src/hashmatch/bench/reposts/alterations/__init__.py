"""How pictures come back: a seeded suite of alterations, one kind of thing a file.

Each is a small function from pixels to pixels, named with its parameters. The copies depend on the
picture, the name and the seed, and on nothing else.
"""
