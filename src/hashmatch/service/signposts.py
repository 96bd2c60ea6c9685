"""Where the page points to for help: an operator's own file in place of the built one."""

import json
from pathlib import Path
from typing import Any

from hashmatch.errors import InvalidSignpostsError


def read(path: Path) -> bytes:
    """The signposts of an operator, as the page asks for them.

    Raises:
        InvalidSignpostsError: the file cannot be read, or the page could not show them.
    """
    try:
        value: Any = json.loads(path.read_bytes())
    except OSError as error:
        raise InvalidSignpostsError(
            f"The signposts {path} cannot be read: {error.strerror}."
        ) from None
    except ValueError:
        raise InvalidSignpostsError(f"The signposts {path} are not JSON.") from None
    try:
        fits = (
            value["leave_to"].startswith("https://")
            and all(map(_is_helpline, value["anywhere"]))
            and all(map(_is_country, value["countries"].items()))
        )
    except (AttributeError, KeyError, TypeError):
        fits = False
    if not fits:
        raise InvalidSignpostsError(
            f"The signposts {path} must be an object like that of native/web/page/signposts.json: "
            "leave_to (https), countries (two capital letters, with police, emergency and "
            "helplines), and anywhere (helplines with name, contact and for)."
        )
    return json.dumps(value).encode()


def _is_country(item: tuple[str, Any]) -> bool:
    code, country = item
    return (
        len(code) == 2
        and code.isalpha()
        and code.isupper()
        and all(isinstance(country.get(name, ""), str) for name in ("police", "emergency"))
        and all(map(_is_helpline, country["helplines"]))
    )


def _is_helpline(value: Any) -> bool:
    return (
        isinstance(value["name"], str)
        and isinstance(value["contact"], str)
        and value["for"] in {"under_18", "adults", "everyone"}
    )
