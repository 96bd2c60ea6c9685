"""What the opinions here make of a source's hashes, told to the source: a few at a time.

What was told is written down right after it; whoever is killed in between tells it once more.
"""

from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import Final

from hashmatch.errors import HashmatchError, RegistryError
from hashmatch.exchanges.exchange import Exchange, Feedback, TakesFeedback
from hashmatch.exchanges.kinds import opened
from hashmatch.registry import Registry, Rejected, Told, Untold

_AT_ONCE: Final = 100


@dataclass(slots=True)
class Telling:
    """What became of the judgements that a source did not know.

    Attributes:
        told: entries of which it knows now.
        refused: entries of which it would not be told; not tried again until judged otherwise.
        refusals: why, for each hash of them.
    """

    told: int = 0
    refused: int = 0
    refusals: tuple[Rejected, ...] = ()


def tell(registry: Registry, name: str, *, exchange: Exchange | None = None) -> Telling:
    """Tell a source what matches of its hashes turned out to be, as far as it does not know.

    Of a kind that takes no feedback, or without the credentials for it, nothing is told; nor where
    the exchange was added with ``feedback=False``.

    Args:
        registry: the registry that the exchange was added to.
        name: the exchange.
        exchange: whom to tell; by default, what its kind says.

    Raises:
        ExchangeError: the source cannot be told, now. What was told before stays written down.
        RegistryError: as for `Registry.untold`.
    """
    state = registry.exchange(name)
    done = Telling()
    if not state.settings.get("feedback", True):
        return done
    try:
        with opened(state) if exchange is None else nullcontext(exchange) as source:
            if isinstance(source, TakesFeedback) and source.takes_feedback:
                while some := registry.untold(name, _AT_ONCE):
                    _tell(registry, name, source, some, done)
    except HashmatchError as error:
        with suppress(RegistryError):
            registry.note_exchange_failure(name, error.reason)
        raise
    return done


def _tell(
    registry: Registry,
    name: str,
    source: TakesFeedback,
    some: Sequence[Untold],
    done: Telling,
) -> None:
    feedback = [_feedback(each) for each in some]
    refused: set[int] = set()
    if source.report(feedback).rejected:  # which of them? telling twice is as good as once
        for each, told in zip(some, feedback, strict=True):
            if rejected := source.report([told]).rejected:
                refused.add(each.held.entry)
                done.refusals += tuple(
                    Rejected(f"entry {each.held.entry}", why.why, each.held.external_id)
                    for why in rejected
                )
    judged = {each.held.entry: each.is_match for each in some}
    registry.note_told(
        name, [Told(entry, is_match, entry not in refused) for entry, is_match in judged.items()]
    )
    done.refused += len(refused)
    done.told += len(judged) - len(refused)


def _feedback(untold: Untold) -> Feedback:
    held = untold.held
    return Feedback(held.hash, "confirmed" if untold.is_match else "rejected", held.external_id)
