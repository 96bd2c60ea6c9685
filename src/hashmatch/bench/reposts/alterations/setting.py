"""What an alteration is given besides the picture, and what it is: a name, a family, a function."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Alter", "Alteration", "Pixels", "Setting"]

Pixels = npt.NDArray[np.uint8]
"""Shape (h, w, 3), RGB."""


class Setting(NamedTuple):
    """Where an alteration takes place.

    Attributes:
        random: what it draws its choices from; equal seeds give equal copies.
        strangers: other pictures, for the places of a collage that are not the picture's; one at
            least.
    """

    random: np.random.Generator
    strangers: tuple[Pixels, ...]

    def stranger(self) -> Pixels:
        """One of the other pictures."""
        return self.strangers[int(self.random.integers(len(self.strangers)))]


Alter = Callable[[Pixels, Setting], Pixels]
"""A picture → an altered copy, in an array of its own; pure but for the random numbers drawn."""


@dataclass(frozen=True, slots=True)
class Alteration:
    """One way in which pictures come back.

    Attributes:
        name: with its parameters, as in reports.
        family: the kind of thing it is; reports sum up by it.
        alter: does it.
        quality: of the JPEG that the copy is saved as.
    """

    name: str
    family: str
    alter: Alter = field(repr=False)
    quality: int = 85
