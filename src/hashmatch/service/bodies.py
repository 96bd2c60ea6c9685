"""Bodies of requests: into memory under a cap and in time, and JSON into checked values."""

import asyncio
import json
from typing import Any, Final

from starlette.requests import Request

from hashmatch.errors import BadRequestError, BodyTooLargeError
from hashmatch.types import Hash

JSON_BYTES: Final = 4_000_000
_MISSING: Final = object()


async def read(request: Request, most: int, seconds: float) -> bytearray:
    """The body, which is never anywhere but in memory.

    Raises:
        BodyTooLargeError: it is longer; told from its header where that says so.
        BadRequestError: it does not arrive in time, or is encoded.
    """
    if request.headers.get("content-encoding", "identity") != "identity":
        raise BadRequestError("Send the body as it is, without Content-Encoding.")
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > most:
        raise BodyTooLargeError(f"The body has {int(announced):,} bytes; {most:,} are the limit.")
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for block in request.stream():
                body += block
                if len(body) > most:
                    raise BodyTooLargeError(f"The body has more than {most:,} bytes, the limit.")
    except TimeoutError:
        raise BadRequestError(f"The body did not arrive within {seconds:g} s.") from None
    return body


async def read_object(request: Request, seconds: float, most: int = JSON_BYTES) -> "Fields":
    """The body as a JSON object of so many bytes at most.

    Raises:
        BadRequestError: it is none.
        BodyTooLargeError: it is longer.
    """
    return object_from(await read(request, most, seconds))


def object_from(body: bytes | bytearray) -> "Fields":
    """A JSON object.

    Raises:
        BadRequestError: it is none.
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequestError("The body is not JSON.") from None
    if not isinstance(value, dict):
        raise BadRequestError("The body is JSON, but not an object.")
    return Fields(value)


def number(request: Request, name: str, default: int, most: int) -> int:
    """A parameter of the query that is a whole number.

    Raises:
        BadRequestError: it is none, or larger.
    """
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= most):
        raise BadRequestError(f"The parameter {name!r} is a whole number from 0 to {most}.")
    return int(text)


class Fields:
    """The members of a JSON object; each is asked for by the type that it must have."""

    def __init__(self, values: dict[str, Any], where: str = "") -> None:
        self._values = values
        self._where = where

    def only(self, *names: str) -> "Fields":
        """Refuse members of other names: one that is misspelt would be ignored in silence."""
        for name in self._values.keys() - {*names}:
            raise BadRequestError(
                f"{self._where}There is no member {name[:40]!r}; there are {', '.join(names)}."
            )
        return self

    def text(self, name: str, default: Any = _MISSING) -> str:
        """A string."""
        value: str = self._get(name, str, "a string", default)
        return value

    def whole(self, name: str, default: Any = _MISSING) -> Any:
        """A whole number of at most 63 bits."""
        value = self._get(name, int, "a whole number", default)
        if isinstance(value, bool) or (isinstance(value, int) and abs(value) >= 1 << 63):
            raise BadRequestError(f"{self._where}The member {name!r} must be a whole number.")
        return value

    def truth(self, name: str, default: Any = _MISSING) -> bool:
        """True or false."""
        value: bool = self._get(name, bool, "true or false", default)
        return value

    def array(self, name: str, most: int, default: Any = _MISSING) -> Any:
        """An array of at most so many values."""
        value = self._get(name, list, "an array", default)
        if isinstance(value, list) and len(value) > most:
            raise BadRequestError(
                f"{self._where}The array {name!r} has {len(value):,} values, {most:,} at most are "
                "taken."
            )
        return value

    def objects(self, name: str, most: int) -> list["Fields"]:
        """An array of objects."""
        found = self.array(name, most)
        for number, value in enumerate(found, start=1):
            if not isinstance(value, dict):
                raise BadRequestError(f"{self._where}Value {number} of {name!r} must be an object.")
        where = self._where
        return [Fields(each, f"{where}In {name!r}, value {n}: ") for n, each in enumerate(found, 1)]

    def hashes(self, most: int) -> list[Hash]:
        """The member ``hashes``: objects of a hasher, a hash, and perhaps a quality."""
        found = self.objects("hashes", most)
        return [each.only("hasher", "hash", "quality").hash() for each in found]

    def rest(self) -> dict[str, Any]:
        """All members, as they are."""
        return self._values

    def hash(self) -> Hash:
        """The members of the object that are a hash."""
        quality = self.whole("quality", None)
        return Hash.from_hex(self.text("hasher", "pdq")[:64], self.text("hash"), quality)

    def _get(self, name: str, kind: type, words: str, default: Any) -> Any:
        value = self._values.get(name, default)
        if value is default and default is not _MISSING:
            return value
        if not isinstance(value, kind):
            wrong = "is missing" if value is _MISSING else f"must be {words}"
            raise BadRequestError(f"{self._where}The member {name!r} {wrong}.")
        return value
