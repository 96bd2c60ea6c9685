"""Case numbers: eleven random digits and a check digit, written ``4821-0937-5523``.

Random, so that a number tells neither how many cases there are nor when it was given out. The
check digit is Damm's (M. Damm, *Total anti-symmetrische Quasigruppen*, 2004): it finds every
single wrong digit and every swap of neighbours, which is how people mistype numbers.
"""

import secrets
from typing import Final

# Damm's quasigroup of order 10: row, the digits so far; column, the next digit
_TABLE: Final = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def new() -> str:
    """A number that was probably never given out; ask the database whether it was."""
    digits = f"{secrets.randbelow(10**11):011d}"
    digits += str(_check_digit(digits))
    return "-".join(digits[start : start + 4] for start in (0, 4, 8))


def tidy(text: str) -> str | None:
    """The number as it was given out, however it was typed; None where it cannot be one."""
    digits = "".join(text.replace("-", " ").split())
    if len(digits) != 12 or not (digits.isascii() and digits.isdigit()):
        return None
    if _check_digit(digits) != 0:
        return None
    return "-".join(digits[start : start + 4] for start in (0, 4, 8))


def _check_digit(digits: str) -> int:
    state = 0
    for digit in digits:
        state = _TABLE[state][int(digit)]
    return state
