"""How sure a share is that was counted: confidence intervals of proportions, at 95 %."""

import math
from typing import Final, NamedTuple

__all__ = ["Share", "share", "upper_bound"]

Z: Final = 1.959964
"""Standard deviations that hold 95 % of a normal distribution."""
CONFIDENCE: Final = 0.95


class Share(NamedTuple):
    """A share of a number of trials, and where the true one lies with 95 % confidence."""

    value: float
    low: float
    high: float


def share(count: int, of: int) -> Share:
    """A share with its interval by Wilson's score (E. B. Wilson, JASA 22, 1927)."""
    if not of:
        return Share(0.0, 0.0, 1.0)
    value, spread = count / of, Z * Z / of
    middle = (value + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * math.sqrt(value * (1 - value) / of + spread / (4 * of))
    low = 0.0 if count == 0 else max(0.0, middle - half)
    return Share(value, low, 1.0 if count == of else min(1.0, middle + half))


def upper_bound(count: int, of: int, confidence: float = CONFIDENCE) -> float:
    """The largest share under which so few are still likely, one-sided (Clopper, Pearson, 1934).

    With none counted it is about 3 / `of`, the rule of three.

    Args:
        count: how often it happened.
        of: in how many trials.
        confidence: that the true share is not greater.
    """
    if count >= of:
        return 1.0
    low, high = count / of, 1.0
    for _ in range(100):
        middle = (low + high) / 2
        if _at_most(count, of, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def _at_most(count: int, of: int, chance: float) -> float:
    """The probability of `count` successes or fewer in `of` trials."""
    if chance >= 1.0:
        return 0.0
    return math.fsum(
        math.exp(
            math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1)
            + (k * math.log(chance) if k else 0.0) + (of - k) * math.log1p(-chance)
        )
        for k in range(count + 1)
    )  # fmt: skip
