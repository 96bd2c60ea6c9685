"""The page that persons see: files that were built with the package, under headers that keep it in.

Nothing of it comes from elsewhere, and nothing it holds may go elsewhere: the policy says so to
every browser. The files are in memory from the start, packed as they were when they were built.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from hashmatch.service import signposts

_POLICY: Final = (
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
_FEATURES: Final = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "geolocation",
    "gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment",
    "publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
# Workers keep the policy that their own script came with, so every file has all of these.
_GUARDS: Final = {
    "content-security-policy": "; ".join(_POLICY),
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join(f"{name}=()" for name in _FEATURES),
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
}
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
}
_PACKINGS: Final = (("br", ".br"), ("gzip", ".gz"))  # the first that a browser takes
_DEFAULT_LANGUAGE: Final = "en"
_SIGNPOSTS: Final = "signposts.json"
# Their paths change with their content; the others are asked for anew each time.
_LASTING: Final = ("assets/", "client/")


@dataclass(frozen=True, slots=True)
class _File:
    """One file as it is sent: its headers, and its bytes by how they are packed."""

    headers: Mapping[str, str]
    packed: Mapping[str, bytes]


class Pages:
    """All files of the page.

    Args:
        places: a file that names other places to turn to than the built one; None for that.
        folder: where the built files lie.

    Raises:
        InvalidSignpostsError: the file cannot be read, or says something else.
    """

    def __init__(self, places: str | None = None, folder: Traversable | None = None) -> None:
        found: dict[str, bytes] = {}
        _collect(folder or files("hashmatch").joinpath("_web"), "", found)
        if places is not None and found:
            found = {n: b for n, b in found.items() if not n.startswith(_SIGNPOSTS)}
            found[_SIGNPOSTS] = signposts.read(Path(places))
        self._files = {
            name: _prepared(name, found)
            for name in found
            if not name.endswith(tuple(suffix for _, suffix in _PACKINGS))
        }
        self._languages = tuple(
            name.split(".")[1] for name in self._files if name.startswith("index.")
        )

    async def show_home(self, request: Request) -> Response:
        """`GET /`."""
        return self._document(request, "index")

    async def show_case(self, request: Request) -> Response:
        """`GET /case`."""
        return self._document(request, "case")

    async def show_console(self, request: Request) -> Response:
        """`GET /console`, for operators; there is one language of it."""
        return self._send(request, f"console.{_DEFAULT_LANGUAGE}.html")

    async def show_file(self, request: Request) -> Response:
        """`GET` of what the page loads."""
        return self._send(request, request.url.path.removeprefix("/"))

    async def show_client(self, request: Request) -> Response:
        """`GET` of the worker and what it loads; the version in the path only tells them apart."""
        return self._send(request, f"client/{request.path_params['name']}")

    def _document(self, request: Request, name: str) -> Response:
        wanted = request.query_params.get("lang")
        if wanted not in self._languages:
            wanted = _preferred(request.headers.get("accept-language", ""), self._languages)
        return self._send(request, f"{name}.{wanted}.html")

    def _send(self, request: Request, name: str) -> Response:
        file = self._files.get(name)
        if file is None:
            if not self._files:
                raise HTTPException(404, "The page is not part of this installation")
            raise HTTPException(404)
        if request.headers.get("if-none-match") == file.headers["etag"]:
            return Response(status_code=304, headers=dict(file.headers))
        taken = request.headers.get("accept-encoding", "")
        for packing, _ in _PACKINGS:
            if packing in file.packed and packing in taken:
                headers = {**file.headers, "content-encoding": packing}
                return Response(file.packed[packing], headers=headers)
        return Response(file.packed["identity"], headers=dict(file.headers))


def _collect(folder: Traversable, prefix: str, found: dict[str, bytes]) -> None:
    if not folder.is_dir():
        return
    for each in folder.iterdir():
        if each.is_dir():
            _collect(each, f"{prefix}{each.name}/", found)
        else:
            found[prefix + each.name] = each.read_bytes()


def _prepared(name: str, found: Mapping[str, bytes]) -> _File:
    content = found[name]
    packed = {"identity": content}
    packed |= {how: found[name + end] for how, end in _PACKINGS if name + end in found}
    suffix = Path(name).suffix
    headers = {
        **_GUARDS,
        "content-type": _TYPES.get(suffix, "application/octet-stream"),
        "etag": f'"{hashlib.sha256(content).hexdigest()[:32]}"',
        "vary": "accept-encoding",
        "cache-control": "public, max-age=31536000, immutable"
        if name.startswith(_LASTING)
        else "no-cache",
    }
    if suffix == ".html":
        headers |= {
            # a browser that is asked later should not tell that the page was open
            "cache-control": "no-store",
            "content-language": name.split(".")[1],
            "vary": "accept-encoding, accept-language",
        }
    return _File(headers, packed)


def _preferred(header: str, there: tuple[str, ...]) -> str:
    """The language of those there are that an Accept-Language header puts first."""
    best, language = 0.0, _DEFAULT_LANGUAGE
    for part in header.split(",")[:50]:
        name, _, parameter = part.strip().partition(";")
        try:
            weight = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        plain = name.split("-")[0].lower()
        if plain in there and weight > best:
            best, language = weight, plain
    return language
