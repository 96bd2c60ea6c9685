"""`python -m hashmatch` is the command `hashmatch`."""

from hashmatch.cli import main

main()
