"""What a service is started with; plain values, so that every process of it can be told."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, Self

from hashmatch.hashers import DEFAULT_LIMITS, Limits

_VARIABLE: Final = "HASHMATCH_SERVICE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a service behaves.

    Attributes:
        place: the registry: a folder or a database URL.
        limits: what an upload may ask of a decoder.
        decoders: worker processes that decode uploads.
        queue: uploads that may wait for a decoder; more are told to come again.
        decode_seconds: time for one picture; then its worker is replaced.
        decode_bytes: memory that one decoder may take.
        upload_seconds: time for a body to arrive.
        codes: most codes in a request for matches.
        case_hashes: most hashes in a case.
        refresh_seconds: how often changes of the registry are looked for.
        stale_seconds: lists that could not be refreshed for so long are stale.
        when_stale: ``"serve"`` answers from stale lists; ``"refuse"`` answers 503, so that the
            caller decides.
        cache: a folder for the snapshots that the processes share; None: inside the registry's
            folder, and of a database each process has its own in memory.
        open_intake: anybody may submit a case; else it takes a token.
        workers: processes of this server.
        shared: a folder that they share; None where there is one process.
        signposts: a file of the places to turn to for help that the page names; None for ours.
        case_burst: fingerprints that one client may submit to all processes at once; a case
            counts as twenty more.
        case_hourly: fingerprints that it may submit in an hour after that; 0 for any number.
        proxies: networks of proxies in front, whose ``X-Forwarded-For`` is believed.
        token_rate: requests a second that one credential may send to all processes together, and
            twice as many at once; 0 for any number.
        salt: what digests of clients are keyed with, in hexadecimal; made anew for each server,
            and nowhere but in the memory of its processes.
        hma: whether it also answers at the paths of Hasher-Matcher-Actioner.
        report_seconds: how often what was matched is reported to the registry.
    """

    place: str
    limits: Limits = DEFAULT_LIMITS
    decoders: int = 1
    queue: int = 16
    decode_seconds: float = 10.0
    decode_bytes: int = 3 << 30
    upload_seconds: float = 60.0
    codes: int = 10_000
    case_hashes: int = 1_000
    refresh_seconds: float = 0.25
    stale_seconds: float = 10.0
    when_stale: Literal["serve", "refuse"] = "serve"
    cache: str | None = None
    open_intake: bool = True
    workers: int = 1
    shared: str | None = None
    signposts: str | None = None
    case_burst: int = 5_000
    case_hourly: float = 5_000
    proxies: tuple[str, ...] = ()
    token_rate: float = 0.0
    salt: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    hma: bool = False
    report_seconds: float = 5.0

    def hand_down(self) -> None:
        """Leave the settings to the processes that this one starts."""
        os.environ[_VARIABLE] = json.dumps(asdict(self))

    @classmethod
    def handed_down(cls) -> Self:
        """The settings that the process was started with."""
        values: dict[str, Any] = json.loads(os.environ[_VARIABLE])
        values["limits"] = Limits(**values["limits"])
        values["proxies"] = tuple(values["proxies"])
        return cls(**values)
