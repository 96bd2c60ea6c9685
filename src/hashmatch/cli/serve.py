"""`hashmatch serve`: the HTTP service."""

import os
from typing import Any

import click

from hashmatch.cli import options
from hashmatch.cli.token import print_issued
from hashmatch.errors import MissingExtraError

EPILOG = """\b
Examples:
  hashmatch serve
  hashmatch serve --host 0.0.0.0 --workers 4 --registry postgresql://user@host/database

\b
The first start makes an operator's token and prints it once. The interface is described at
/openapi.json. Let a proxy in front speak TLS; switch its request logs and body buffering off.
"""


@click.command("serve", epilog=EPILOG)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8420, show_default=True, help="Likewise."
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Processes; they share the lists, and each has decoders of its own.",
)
@click.option(
    "--decoders",
    type=click.IntRange(1, 256),
    help="Processes that decode pictures, for each worker.  [cores / workers]",
)
@click.option(
    "--when-stale",
    type=click.Choice(("serve", "refuse")),
    default="serve",
    show_default=True,
    help="What to do while the lists cannot be refreshed: answer from old ones, or 503.",
)
@click.option(
    "--stale-after",
    type=click.FloatRange(min=0, min_open=True),
    default=10,
    show_default=True,
    metavar="SECONDS",
    help="Lists that could not be refreshed for so long are stale.",
)
@click.option(
    "--open-intake/--token-intake",
    default=True,
    show_default=True,
    help="Whether anybody may submit a case, or only who has a token for it.",
)
@options.cache
@click.option(
    "--signposts",
    type=click.Path(exists=True, dir_okay=False),
    help="A JSON file of the places to turn to for help that the page names.  [ours]",
)
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    metavar="NETWORK",
    help="A proxy in front, such as 10.0.0.0/8, whose X-Forwarded-For tells clients apart.",
)
@click.option(
    "--token-rate",
    type=click.FloatRange(min=0),
    default=0,
    help="Requests a second that one token may send; more get 429.  [any number]",
)
@click.option(
    "--case-burst",
    type=click.IntRange(min=1),
    default=5_000,
    show_default=True,
    help="Fingerprints that one client may submit at once; a case counts as 20 more.",
)
@click.option(
    "--case-hourly",
    type=click.FloatRange(min=0),
    default=5_000,
    show_default=True,
    help="Fingerprints that it may submit in an hour after that; 0 for any number.",
)
@click.option(
    "--hma",
    is_flag=True,
    help="Also answer at the paths of Meta's Hasher-Matcher-Actioner; see docs/hma.md.",
)
@options.registry_place
def command(
    host: str,
    port: int,
    workers: int,
    decoders: int | None,
    when_stale: str,
    stale_after: float,
    open_intake: bool,
    cache: str | None,
    signposts: str | None,
    proxies: tuple[str, ...],
    token_rate: float,
    case_burst: int,
    case_hourly: float,
    hma: bool,
    place: str,
) -> None:
    """Serve the registry over HTTP, and the page at / that persons submit with."""
    from hashmatch.registry import Registry

    try:
        from hashmatch.service import Settings, run
    except ModuleNotFoundError:
        raise MissingExtraError(
            "The service needs a web server: pip install 'hashmatch[service]'"
        ) from None
    settings = Settings(
        place=place,
        decoders=decoders or max(1, (os.cpu_count() or 1) // workers),
        when_stale="refuse" if when_stale == "refuse" else "serve",
        stale_seconds=stale_after,
        cache=cache,
        open_intake=open_intake,
        signposts=signposts,
        proxies=_networks(proxies),
        token_rate=token_rate,
        case_burst=case_burst,
        case_hourly=case_hourly,
        hma=hma,
    )
    _check_address(host, port)
    with Registry.open(place) as registry:
        issued = registry.issue_first_credential("operator")
    if issued is not None:
        click.echo("This is the first start, and here is the operator's token:\n")
        print_issued(issued, as_json=False)
    run(settings, host, port, workers)


def _check_address(host: str, port: int) -> None:
    """Say that an address cannot be listened at before anything is made, or a token is shown."""
    import errno
    import socket

    found: list[Any] = []
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in found:
            with socket.socket(family, kind, protocol) as listening:
                if os.name == "posix":  # what was closed lately is free, as it is for the server
                    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                listening.bind(address)
    except OSError as error:
        if len(found) > 1 and error.errno in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
            return  # of a name with two addresses, one may be of a family that is switched off
        raise click.ClickException(
            f"The service cannot listen at {host}, port {port}: {error.strerror}. "
            "Name another --host or --port."
        ) from None


def _networks(proxies: tuple[str, ...]) -> tuple[str, ...]:
    import ipaddress

    try:
        return tuple(str(ipaddress.ip_network(each)) for each in proxies)
    except ValueError as error:
        raise click.BadParameter(f"a proxy is an address or a network: {error}") from None
