"""The command line: one small file per command group, loaded when that command is called."""

from hashmatch.cli.app import main

__all__ = ["main"]
