"""The interface of every index: ``search(codes, radius)`` gives `Matches`, always in one shape."""

from abc import ABC, abstractmethod
from typing import Final, final

import numpy as np

from hashmatch.errors import InvalidCodesError, InvalidRadiusError
from hashmatch.types import Codes, Matches

_OCTETS: Final = np.dtype(np.uint8)


def checked_codes(codes: object, bits: int | None = None) -> Codes:
    """The codes in C order, or a refusal that says what is wrong with them.

    Args:
        codes: what should be an array ``(n, width)`` of uint8.
        bits: what 8 * width must be; None accepts every multiple of 64 from 64 to 65,472.

    Raises:
        InvalidCodesError: not an array, or one with a mask; not uint8, not two-dimensional, or of
            another width.
    """
    # what is right costs a search little: these three are pointers and a flag
    if type(codes) is np.ndarray and codes.dtype is _OCTETS and codes.flags.c_contiguous:
        shape = codes.shape
        if len(shape) == 2 and 8 * shape[1] == bits:
            return codes
    if not isinstance(codes, np.ndarray):
        raise InvalidCodesError(
            f"Codes are a NumPy array of shape (n, width) and dtype uint8, "
            f"not a {type(codes).__name__}."
        )
    if isinstance(codes, np.ma.MaskedArray):
        raise InvalidCodesError(
            "Codes are whole, and this array has a mask; drop the rows that are not, and give the "
            "data of the others (numpy.ma.compress_rows)."
        )
    if codes.dtype != _OCTETS:
        raise InvalidCodesError(
            f"Codes are packed bits of dtype uint8, not {codes.dtype}; pack them with "
            f"numpy.packbits, and drop nulls before they become an array."
        )
    if codes.ndim != 2:
        raise InvalidCodesError(
            f"Codes have the shape (n, width), also where n is 1 (code.reshape(1, -1)); "
            f"this array has the shape {codes.shape}."
        )
    width = 8 * codes.shape[1]
    if bits is None and not (0 < width < 2**16 and width % 64 == 0):
        raise InvalidCodesError(
            f"An index takes codes whose width is a multiple of 64 bits, up to 65,472; "
            f"these have {width} bits."
        )
    if bits is not None and width != bits:
        raise InvalidCodesError(
            f"This index holds codes of {bits} bits; these have {width} bits. "
            f"Was another hasher used?"
        )
    return codes if codes.flags.c_contiguous else np.ascontiguousarray(codes)


def checked_radius(radius: object, bits: int) -> int:
    """The radius as an int.

    Raises:
        InvalidRadiusError: not an integer (a bool is none either), or outside 0..bits.
    """
    if not isinstance(radius, (int, np.integer)) or isinstance(radius, bool):
        raise InvalidRadiusError(
            f"A radius is a whole number of bits, not a {type(radius).__name__}."
        )
    radius = int(radius)
    if not 0 <= radius <= bits:
        raise InvalidRadiusError(
            f"A radius lies between 0 and the {bits} bits of a code; {radius} does not."
        )
    return radius


class Index(ABC):
    """Codes that can be searched by Hamming radius.

    A search writes nothing that another thread could see: any number of threads may search one
    index at once.
    """

    @final
    def search(self, codes: Codes, radius: int) -> Matches:
        """Find all codes within a radius of each query.

        Args:
            codes: the queries, shape ``(q, bits // 8)``, dtype uint8; ``q`` may be 0.
            radius: largest distance in bits that counts, inclusive; 0 to ``bits``.

        Returns:
            The matches of each query, nearest first, equal distances by rising id. An index whose
            `exact_radius` is smaller than the radius may miss some; none reports a wrong one.

        Raises:
            InvalidCodesError: codes of another dtype, shape or width.
            InvalidRadiusError: not an integer, or outside 0..bits.
        """
        bits = self.bits
        if type(radius) is not int or not 0 <= radius <= bits:  # what is right costs no call
            radius = checked_radius(radius, bits)
        return self._search(checked_codes(codes, bits), radius)

    @property
    @abstractmethod
    def bits(self) -> int:
        """The width of the codes."""

    @abstractmethod
    def __len__(self) -> int: ...

    @property
    @abstractmethod
    def codes(self) -> Codes:
        """The codes in the order of their ids, shape ``(n, bits // 8)``; not to be written to."""

    @property
    def exact_radius(self) -> int:
        """The largest radius at which nothing is missed; -1 where there is no such promise."""
        return self.bits

    @property
    def exact(self) -> bool:
        """Whether searches of every radius equal brute force."""
        return self.exact_radius == self.bits

    @abstractmethod
    def _search(self, queries: Codes, radius: int) -> Matches:
        """Answer a search whose arguments have been checked; queries are in C order."""
