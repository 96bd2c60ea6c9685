"""The outlines of listed pictures, drawn over a checked one: for who asks, on their machine."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from hashmatch.hashers import decode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PIL import ImageDraw

    from hashmatch.types import Match, Verdict

_COLOURS: Final = {"block": (214, 39, 40), "review": (255, 152, 0), "pass": (44, 160, 44)}
_NAMED: Final = 8


def draw(data: bytes, verdict: "Verdict", located: "Iterable[Match]", out: Path) -> None:
    """Draw the outlines over a picture, each with its entry, and write that as PNG.

    A match whose place is not known, because only the whole pictures were compared, is named in the
    corner.

    Args:
        data: the picture's file.
        verdict: on it.
        located: matches whose place is known.
        out: where to write; only its owner can read it.

    Raises:
        click.ClickException: it cannot be written.
    """
    from PIL import Image, ImageDraw

    image = Image.fromarray(decode(data)).convert("RGB")
    canvas = ImageDraw.Draw(image)
    thick = max(2, max(image.size) // 200)
    drawn = set()
    for match in located:
        if match.placed is None:
            continue
        drawn.add(match.entry)
        corners = [(x * image.width, y * image.height) for x, y in match.placed.outline]
        canvas.line([*corners, *corners[:2]], fill=_COLOURS[match.action], width=thick)
        left, top = min(corners, key=lambda corner: corner[1])
        at = max(thick, left), max(thick, top + 2 * thick)
        _write(canvas, at, f"{match.action}: entry {match.entry}", match.action)
    others = [match for match in verdict.matches if match.entry not in drawn]
    for row, match in enumerate(others[:_NAMED]):
        at = (2 * thick, 2 * thick + 16 * row)
        _write(canvas, at, f"{match.action}: entry {match.entry}, {match.view}", match.action)
    file = io.BytesIO()
    image.save(file, "PNG")
    was_there = out.exists()
    try:
        out.touch(mode=0o600)
        out.write_bytes(file.getvalue())
    except OSError as error:
        if not was_there:
            out.unlink(missing_ok=True)  # half a picture explains nothing
        raise click.ClickException(f"{out} cannot be written: {error.strerror}.") from None


def _write(canvas: "ImageDraw.ImageDraw", at: tuple[float, float], text: str, action: str) -> None:
    left, top, right, bottom = canvas.textbbox(at, text)
    canvas.rectangle((left - 3, top - 3, right + 3, bottom + 3), fill=(255, 255, 255))
    canvas.text(at, text, fill=_COLOURS[action])
