"""What every exchange offers: `fetch`. What is told back to a source: `Feedback`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from hashmatch.registry import Checkpoint, Page, Rejected
from hashmatch.types import Hash

Judgement = Literal["confirmed", "rejected", "pending"]
"""A match showed what the hash was listed for; it did not; nobody has looked yet."""


class Exchange(Protocol):
    """A remote source of hashes."""

    def fetch(self, checkpoint: Checkpoint | None) -> Iterator[Page]:
        """The feed from a checkpoint to its end, page by page; from its beginning without one.

        Each page is asked for when it is needed, in a thread of its own, and its checkpoint is
        where to go on once its changes are committed. A record that cannot be read costs that
        record only, and is reported with the page. Pages, and records, may come more than once.

        Raises:
            ExchangeCredentialsError: the source refuses the credentials.
            ExchangeRefusedError: the source refuses the request.
            ExchangeUnavailableError: it is away or overloaded, and was for several tries.
            FeedUnreadableError: nothing can be made of its answer.
        """
        ...


@dataclass(frozen=True, slots=True)
class Feedback:
    """What matches of one hash turned out to be.

    Attributes:
        hash: the hash.
        judgement: see `Judgement`.
        external_id: what the source calls its record; None where it goes by the hash.
        tags: free words, where the source takes them.
        reason: the source's own name or id of a reason, where it asks for one.
    """

    hash: Hash = field(repr=False)
    judgement: Judgement
    external_id: str | None = None
    tags: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """What became of feedback.

    Attributes:
        sent: how many the source took.
        rejected: those that could not be told it, and why.
    """

    sent: int
    rejected: tuple[Rejected, ...] = ()


@runtime_checkable
class TakesFeedback(Protocol):
    """An exchange that can be told what matches turned out to be.

    Attributes:
        takes_feedback: whether its credentials allow that.
    """

    takes_feedback: bool

    def report(self, feedback: Iterable[Feedback]) -> Reported:
        """Tell the source; telling it twice is as good as once.

        Raises:
            ExchangeError: as for `Exchange.fetch`; what came before may have been told.
        """
        ...


class TakesHashes(Protocol):
    """An exchange that hashes can be submitted to."""

    def submit(self, hashes: Iterable[Hash], tags: Iterable[str] = ()) -> Reported:
        """Submit hashes, for all who fetch from the source.

        Raises:
            ExchangeError: as for `Exchange.fetch`; what came before may have been submitted.
        """
        ...
