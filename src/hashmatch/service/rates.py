"""How often one client may submit: slowed down, and not known.

Of a client's address only a digest is held, in memory, keyed with random bytes that this process
made and forgets when it ends; a client that came seldom enough is forgotten within the hour.
"""

import hashlib
import ipaddress
import math
import secrets
import time
from collections.abc import Callable, Collection
from typing import Final

from starlette.requests import Request

from hashmatch.errors import TooManyError
from hashmatch.service.buckets import Buckets


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
        self._buckets: Final = Buckets(burst, hourly / 3600, clock)
        self._proxies: Final = tuple(ipaddress.ip_network(each) for each in proxies)
        self._key: Final = secrets.token_bytes(32)

    def spend(self, request: Request, tokens: int) -> None:
        """Take tokens from the bucket of a request's client; of a full one, more than it holds.

        Raises:
            TooManyError: there are too few; says after how many seconds there will be enough.
        """
        client = self._digest(client_of(request, self._proxies))
        seconds = math.ceil(self._buckets.take(client, tokens))
        if seconds:
            raise TooManyError(
                f"Too much was submitted from here of late. Try again in {seconds} s.", seconds
            )

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
