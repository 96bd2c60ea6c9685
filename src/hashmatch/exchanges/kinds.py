"""The kinds of exchanges, and what each can be set to."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from hashmatch.errors import InvalidExchangeError, MissingExtraError
from hashmatch.exchanges.exchange import Exchange
from hashmatch.registry import ExchangeState, Registry


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of exchange.

    Attributes:
        home: the module and class that read it.
        settings: what can be set, with the type of each.
        needs: what must be set.
        credentials: what it needs of them; the optional ones in brackets.
    """

    home: str
    settings: Mapping[str, type]
    needs: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()


_SERVER: Final[Mapping[str, type]] = {"url": str, "credentials": str, "feedback": bool}
_FILE: Final[Mapping[str, type]] = {"path": str, "partial": bool}

KINDS: Final[Mapping[str, Kind]] = {
    "stopncii": Kind(
        "stopncii:StopNCII",
        _SERVER,
        credentials=("subscription_key", "fetch_key", "[feedback_key]", "[submit_key]"),
    ),
    "ncmec": Kind("ncmec:Ncmec", {**_SERVER, "reason": str}, credentials=("user", "password")),
    "threatexchange": Kind("files:ThreatExchangeFile", _FILE, ("path",)),
    "hma": Kind("files:HmaFile", _FILE, ("path",)),
    "csv": Kind("files:TableFile", _FILE, ("path",)),
}


def add(
    registry: Registry, name: str, kind: str, list_name: str, **settings: str | bool
) -> ExchangeState:
    """Add an exchange to a registry; its source is not asked yet.

    Args:
        registry: the registry.
        name: what to call it.
        kind: one of `KINDS`.
        list_name: the hash list for its entries.
        settings: ``url``, ``credentials`` (the path of a file; without one they are in the
            environment) and ``feedback`` (whether `tell` tells it anything; by default it does) of
            servers; ``reason`` (for what is rejected) of NCMEC; ``path`` and ``partial`` of files.

    Raises:
        InvalidExchangeError: a name, kind or setting that an exchange cannot have.
        ExchangeExistsError: there is one of that name.
        ListNotFoundError: there is no such list.
    """
    return registry.add_exchange(name, kind, list_name, checked(kind, settings))


def checked(kind: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings, with paths made absolute; `InvalidExchangeError` for what cannot be set."""
    known = KINDS.get(kind)
    if known is None:
        raise InvalidExchangeError(
            f"There is no kind {kind[:64]!r} of exchange; there are {', '.join(KINDS)}."
        )
    for name, value in settings.items():
        if not isinstance(value, known.settings.get(name, ())):
            raise InvalidExchangeError(
                f"An exchange of the kind {kind} has the settings {', '.join(known.settings)}; "
                f"{name[:64]!r} is none of them, or not of its type."
            )
    missing = [name for name in known.needs if name not in settings]
    if missing:
        raise InvalidExchangeError(f"An exchange of the kind {kind} needs a {missing[0]}.")
    found = dict(settings)
    if "url" in found:
        found["url"] = _room("remote").checked_url(found["url"])
    for name in {"path", "credentials"} & found.keys():
        found[name] = str(Path(found[name]).absolute())
    return found


@contextmanager
def opened(state: ExchangeState) -> Iterator[Exchange]:
    """The exchange itself, ready to be asked; its connections are closed at the end.

    Raises:
        ExchangeCredentialsError: its credentials are missing, or others can read them.
        InvalidExchangeError: a kind that this version does not know.
    """
    settings = checked(state.kind, state.settings)
    module, _, name = KINDS[state.kind].home.partition(":")
    exchange = getattr(_room(module), name).open(state.name, settings)
    try:
        yield exchange
    finally:
        if hasattr(exchange, "close"):
            exchange.close()


def _room(module: str) -> Any:
    try:
        return import_module(f"hashmatch.exchanges.{module}")
    except ModuleNotFoundError:
        raise MissingExtraError(
            "Exchanges over HTTP need a client: pip install 'hashmatch[exchanges]'"
        ) from None
