"""What all the doors have in common: the database behind them."""

from hashmatch.registry.database import Database


class Door:
    """Holds the database; each subject adds its methods."""

    def __init__(self, database: Database) -> None:
        self._database = database
