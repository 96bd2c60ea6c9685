"""How often one client may submit: slowed down, and not known.

Of a client's address only a digest is held, in memory, keyed with random bytes that this process
made and forgets when it ends; a client that came seldom enough is forgotten within the hour.
"""

import hashlib
import ipaddress
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import Final

from starlette.requests import Request

from hashmatch.errors import TooManyError

_MOST_CLIENTS: Final = 100_000


class Rates:
    """A bucket of tokens for each client: a burst at first, then so many an hour.

    Args:
        burst: what a client may take at once.
        hourly: what is given back in an hour; 0 lets everything pass.
        proxies: networks of proxies whose ``X-Forwarded-For`` is believed.
        clock: seconds that never run back.
    """

    def __init__(
        self,
        burst: int,
        hourly: float,
        proxies: Collection[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst: Final = burst
        self._per_second: Final = hourly / 3600
        self._proxies: Final = tuple(ipaddress.ip_network(each) for each in proxies)
        self._clock: Final = clock
        self._key: Final = secrets.token_bytes(32)
        # client -> (what is left, when that was), the one that came last at the end
        self._left: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def spend(self, request: Request, tokens: int) -> None:
        """Take tokens from the bucket of a request's client; of a full one, more than it holds.

        Raises:
            TooManyError: there are too few; says after how many seconds there will be enough.
        """
        if self._per_second <= 0:
            return
        now = self._clock()
        client = self._digest(client_of(request, self._proxies))
        left, then = self._left.pop(client, (float(self._burst), now))
        left = min(self._burst, left + (now - then) * self._per_second)
        wanted = min(tokens, self._burst)
        enough = left >= wanted
        self._left[client] = (left - wanted if enough else left, now)
        self._forget(now)
        if not enough:
            seconds = math.ceil((wanted - left) / self._per_second)
            raise TooManyError(
                f"Too much was submitted from here of late. Try again in {seconds} s.", seconds
            )

    def _forget(self, now: float) -> None:
        """Clients whose buckets are full again are as good as new ones."""
        full_after = self._burst / self._per_second
        while self._left:
            client, (_, then) = next(iter(self._left.items()))
            if now - then < full_after and len(self._left) <= _MOST_CLIENTS:
                return
            del self._left[client]

    def _digest(self, client: str) -> bytes:
        return hashlib.blake2b(client.encode(), key=self._key, digest_size=16).digest()


def client_of(
    request: Request,
    proxies: Collection[ipaddress.IPv4Network | ipaddress.IPv6Network],
) -> str:
    """The network that a request comes from: an IPv4 address, or the /64 of an IPv6 address.

    What a proxy says is believed of the configured ones only, from the last one that spoke back to
    the first that is none of them: further back anybody may have written anything.
    """
    peer = request.client.host if request.client is not None else ""
    told = [
        hop.strip()
        for line in request.headers.getlist("x-forwarded-for")
        for hop in line.split(",")
    ]
    while _is_in(peer, proxies) and told:
        peer = told.pop()
    return _network(peer)


def _is_in(host: str, networks: Collection[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    address = _address(host)
    return address is not None and any(address in network for network in networks)


def _network(host: str) -> str:
    address = _address(host)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return "unknown" if address is None else str(address)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
