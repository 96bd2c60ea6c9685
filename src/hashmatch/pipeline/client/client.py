"""The clients: one for threads, one for event loops, over the same calls."""

from collections.abc import Iterable
from types import TracebackType
from typing import Any, Final, Literal, Self

from hashmatch.errors import BadRequestError, UnauthenticatedError
from hashmatch.hashers import DEFAULT_LIMITS, Limits, Source
from hashmatch.matching.uploads import Depth
from hashmatch.pipeline.client import calls, checking
from hashmatch.pipeline.client.attempts import Attempts, Patience
from hashmatch.pipeline.client.breaker import Breaker
from hashmatch.pipeline.client.checking import Checked
from hashmatch.pipeline.client.links import AsyncLink, Link
from hashmatch.pipeline.client.steps import Call, Result, Steps
from hashmatch.registry import DEFAULT_LIST, Case, CaseClock, CaseReceipt, Picture

Sends = Literal["codes", "pictures"]

PATIENT: Final = Patience()


class _Asking:
    """What both clients know of a service: where it is, how to speak to it, how long to try."""

    def __init__(
        self, url: str, token: str | None, sends: Sends, patience: Patience, limits: Limits
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise BadRequestError("A service is named by a URL like https://registry.example.")
        self.url: Final = url.rstrip("/")
        self.headers: Final = {"user-agent": "hashmatch"}
        if token is not None:
            given = token.strip()  # a line break at its end came with the file it was kept in
            if not (given.isascii() and given.isprintable()):
                raise UnauthenticatedError(
                    "The token has characters that no token has; copy it anew."
                )
            self.headers["authorization"] = f"Bearer {given}"
        self._sends: Final = sends
        self._limits: Final = limits
        self._attempts: Final = Attempts(self.url, patience, Breaker())

    def steps(self, call: Call[Result]) -> Steps[Result]:
        """The steps of a call, as a link drives them."""
        return self._attempts.run(call)

    def check(self, upload: Source, depth: Depth) -> Steps[Checked]:
        """Check an upload in the way that this client has."""
        if self._sends == "pictures":
            return self.steps(checking.by_sending(upload, self._limits, depth))
        if depth == "thorough":
            raise BadRequestError(
                "What is looked at thoroughly is more than codes. Send pictures, or fetch the "
                "lists of the service and compare here: Matcher.open takes its URL."
            )
        return self.steps(checking.by_codes(upload, self._limits))


class Client:
    """Asks a service from threads, which may share one; connections are kept and used again.

    Args:
        url: of the service, like ``https://registry.example``.
        token: what it knows the platform by; opening cases takes none where intake is open.
        sends: ``"codes"``: pictures are hashed here and only their codes are sent;
            ``"pictures"``: they are sent, and decoded there.
        patience: how long and how often a call is tried.
        limits: what an upload may ask of the decoder.
        transport: of httpx, in place of the network.

    Raises:
        BadRequestError: the URL is none.
        MissingExtraError: the extra ``client`` is not installed.

    Every method may raise:

    - ServiceUnavailableError: no answer came, though it was asked for again and again; or the last
      calls had none, and the service is spared for some seconds.
    - UnauthenticatedError, ForbiddenError: the token is not good, or for other things.
    - BusyError, NotReadyError: the service has no room, or no lists, all the while.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        sends: Sends = "codes",
        patience: Patience = PATIENT,
        limits: Limits = DEFAULT_LIMITS,
        transport: Any = None,
    ) -> None:
        self._asking: Final = _Asking(url, token, sends, patience, limits)
        self._link: Final = Link(self._asking.url, self._asking.headers, transport)

    def run(self, call: Call[Result]) -> Result:
        """Make a call of `hashmatch.pipeline.client.calls`."""
        return self._link.drive(self._asking.steps(call))

    def check(self, upload: Source, depth: Depth = "fast") -> Checked:
        """Compare an upload with the lists of the service.

        Args:
            upload: the bytes of a file, a path, a file open for reading bytes, or, where only
                codes are sent, pixels.
            depth: ``"thorough"`` looks for the parts of listed pictures too; where pictures are
                sent.

        Raises:
            BadRequestError: a thorough check by codes.
            PictureError: the picture was refused, and its bytes are in no list.
        """
        return self._link.drive(self._asking.check(upload, depth))

    def submit(
        self,
        pictures: Iterable[Picture],
        list_name: str = DEFAULT_LIST,
        *,
        retry_key: str | None = None,
    ) -> CaseReceipt:
        """Open a case; see `hashmatch.registry.Registry.submit`. It names no entries.

        Raises:
            HashmatchError: as there.
        """
        return self.run(calls.submit(pictures, list_name, retry_key))

    def case(self, number: str) -> Case:
        """How a case stands.

        Raises:
            CaseNotFoundError: there is none of that number.
        """
        return self.run(calls.case(number))

    def case_clock(self, number: str) -> CaseClock:
        """What became of a case at each platform, and by when it has to.

        Raises:
            CaseNotFoundError: there is none of that number.
        """
        return self.run(calls.case_clock(number))

    def withdraw_case(self, number: str, secret_phrase: str) -> Case:
        """Take a case back; doing it again is fine.

        Raises:
            CaseNotFoundError: there is no such case, or the phrase is not its phrase.
        """
        return self.run(calls.withdraw_case(number, secret_phrase))

    def close(self) -> None:
        """Close the connections. Closing twice is fine."""
        self._link.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class AsyncClient:
    """`Client` for an event loop, whose tasks may share one; pictures are hashed in threads."""

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        sends: Sends = "codes",
        patience: Patience = PATIENT,
        limits: Limits = DEFAULT_LIMITS,
        transport: Any = None,
    ) -> None:
        self._asking: Final = _Asking(url, token, sends, patience, limits)
        self._link: Final = AsyncLink(self._asking.url, self._asking.headers, transport)

    async def run(self, call: Call[Result]) -> Result:
        """See `Client.run`."""
        return await self._link.drive(self._asking.steps(call))

    async def check(self, upload: Source, depth: Depth = "fast") -> Checked:
        """See `Client.check`."""
        return await self._link.drive(self._asking.check(upload, depth))

    async def submit(
        self,
        pictures: Iterable[Picture],
        list_name: str = DEFAULT_LIST,
        *,
        retry_key: str | None = None,
    ) -> CaseReceipt:
        """See `Client.submit`."""
        return await self.run(calls.submit(pictures, list_name, retry_key))

    async def case(self, number: str) -> Case:
        """See `Client.case`."""
        return await self.run(calls.case(number))

    async def case_clock(self, number: str) -> CaseClock:
        """See `Client.case_clock`."""
        return await self.run(calls.case_clock(number))

    async def withdraw_case(self, number: str, secret_phrase: str) -> Case:
        """See `Client.withdraw_case`."""
        return await self.run(calls.withdraw_case(number, secret_phrase))

    async def close(self) -> None:
        """Close the connections. Closing twice is fine."""
        await self._link.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()
