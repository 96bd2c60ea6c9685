"""How often one client may submit: slowed down, and not known; see `hashmatch.service.buckets`."""

import ipaddress
from collections.abc import Collection
from typing import Final

from starlette.requests import Request

from hashmatch.errors import TooManyError
from hashmatch.service.buckets import Buckets, spend


class Rates:
    """A bucket of tokens for each client: a burst at first, then so many an hour.

    Args:
        buckets: of all clients.
        proxies: networks of proxies whose ``X-Forwarded-For`` is believed.
    """

    def __init__(self, buckets: Buckets, proxies: Collection[str] = ()) -> None:
        self._buckets: Final = buckets
        self._proxies: Final = tuple(ipaddress.ip_network(each) for each in proxies)

    def spend(self, request: Request, tokens: int) -> None:
        """Take tokens from the bucket of a request's client; of a full one, more than it holds.

        Raises:
            TooManyError: there are too few; says after how many seconds there will be enough.
        """
        client = client_of(request, self._proxies)
        seconds = spend(request.scope, self._buckets, client, tokens)
        if seconds:
            raise TooManyError(
                f"Too much was submitted from here of late. Try again in {seconds} s.", seconds
            )


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
