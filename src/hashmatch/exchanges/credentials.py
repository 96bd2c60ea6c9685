"""Credentials of exchanges: from the environment, or from a file that only its owner can read.

They are never written to the registry, where backups, replicas and exports would carry them on;
to encrypt them there would take a key, kept where the credentials can be kept as well. The
registry holds the path of the file at most.
"""

import os
import re
import stat
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from hashmatch.errors import ExchangeCredentialsError

_VISIBLE: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,4094}[\x21-\x7e])?")


def read(
    exchange: str, names: Sequence[str], path: str | None, optional: Sequence[str] = ()
) -> dict[str, str]:
    """The credentials of an exchange, by name.

    Args:
        exchange: its name.
        names: what it needs.
        path: a TOML file of ``name = "value"`` lines; None for the environment, where the
            variables are called ``HASHMATCH_EXCHANGE_<EXCHANGE>_<NAME>``.
        optional: what it uses where it is there.

    Raises:
        ExchangeCredentialsError: one is missing or malformed, or others can read the file.
    """
    known = (*names, *optional)
    values: Mapping[str, object] = (
        {name: os.environ.get(variable(exchange, name)) for name in known}
        if path is None
        else _from_file(Path(path))
    )
    found = {}
    for name in known:
        value = values.get(name)
        if value is None:
            if name in optional:
                continue
            where = variable(exchange, name) if path is None else f"{name} in {path}"
            raise ExchangeCredentialsError(
                f"The exchange {exchange!r} needs credentials; set {where}."
            )
        if not isinstance(value, str) or not _VISIBLE.fullmatch(value):
            raise ExchangeCredentialsError(
                f"The credential {name} of the exchange {exchange!r} is not one line of visible "
                "ASCII characters."
            )
        found[name] = value
    return found


def variable(exchange: str, name: str) -> str:
    """The environment variable that holds a credential."""
    return "HASHMATCH_EXCHANGE_" + re.sub(r"[^A-Z0-9]", "_", f"{exchange}_{name}".upper())


def _from_file(path: Path) -> Mapping[str, object]:
    try:
        with path.open("rb") as file:
            _refuse_open_file(path, os.fstat(file.fileno()))
            return tomllib.load(file)
    except OSError as error:
        raise ExchangeCredentialsError(
            f"The file of credentials {path} cannot be read: {error.strerror or error}."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):  # their messages may quote the file
        raise ExchangeCredentialsError(
            f'The file of credentials {path} is not TOML; it has lines like name = "value".'
        ) from None


def _refuse_open_file(path: Path, status: os.stat_result) -> None:
    if os.name == "nt":  # no such modes there
        return
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise ExchangeCredentialsError(
            f"Others can read the file of credentials {path}; close it first: chmod 600 {path}"
        )
