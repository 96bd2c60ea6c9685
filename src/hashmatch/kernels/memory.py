"""Memory by its address, for kernels to whom arrays are too much.

Passing an array from Python costs 0.1 µs, and each one takes seven registers in a kernel. So a
kernel that is called for single queries is given addresses, whose arrays its caller keeps alive,
and reads its inner loops' few numbers straight from them. An address is an int64 of bytes.

The parameters of an operation are numba types, whose values come later, in ``generate``: hence
the arguments that its outer function does not use (ARG001).
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types
from numba.np.arrayobj import populate_array

from hashmatch.kernels.intrinsics import I8, I16, I32, I64, declared, operation
from hashmatch.kernels.signatures import Distances, Ids, Keys, Numbers, Words

LINE: Final = 64
"""Bytes that come from memory together."""


def address_of(array: npt.NDArray[Any]) -> int:
    """Where an array begins; the array must outlive the use of it."""
    begin: int = array.__array_interface__["data"][0]
    return begin


def _load(lane: ir.IntType) -> Callable[..., Any]:
    @operation
    def load(_typing: Any, address: Any) -> Any:  # noqa: ARG001
        def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            pointer = builder.inttoptr(arguments[0], lane.as_pointer())
            value = builder.load(pointer, align=1)
            return value if lane is I64 else builder.zext(value, I64)

        return types.intp(types.intp), generate

    load.__doc__ = f"The {lane.width} bits at an address, which may be odd, as an int64."
    return load


load_16 = _load(I16)
load_32 = _load(I32)
load_64 = _load(I64)


def _store(lane: ir.IntType) -> Callable[..., Any]:
    @operation
    def store(_typing: Any, address: Any, value: Any) -> Any:  # noqa: ARG001
        def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            pointer = builder.inttoptr(arguments[0], lane.as_pointer())
            value = arguments[1] if lane is I64 else builder.trunc(arguments[1], lane)
            builder.store(value, pointer, align=lane.width // 8)
            return context.get_dummy_value()

        return types.void(types.intp, types.intp), generate

    store.__doc__ = f"Write the lower {lane.width} bits of an int64 to an address, a multiple."
    return store


store_32 = _store(I32)
store_64 = _store(I64)


@operation
def prefetch(_typing: Any, address: Any) -> Any:  # noqa: ARG001
    """Begin to load the cache line at an address, which may be anywhere.

    Into the second-level cache only: of such requests a processor keeps more under way (Zen 4
    twice as many) than of those that go on to the first level, where there is no room for them.
    """

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], I8.as_pointer())
        parameters = [I8.as_pointer(), I32, I32, I32]
        function = declared(builder, "llvm.prefetch.p0", ir.VoidType(), parameters)
        read, second_level, data = I32(0), I32(1), I32(1)
        builder.call(function, [pointer, read, second_level, data])
        return context.get_dummy_value()

    return types.void(types.intp), generate


def _array_at(kind: Any) -> Callable[..., Any]:
    @operation
    def array_at(_typing: Any, address: Any, size: Any) -> Any:  # noqa: ARG001
        def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            array = context.make_array(kind)(context, builder)
            lane = context.get_data_type(kind.dtype)
            step = context.get_constant(types.intp, context.get_abi_sizeof(lane))
            populate: Any = populate_array
            populate(
                array,
                data=builder.inttoptr(arguments[0], lane.as_pointer()),
                shape=[arguments[1]],
                strides=[step],
                itemsize=step,
                meminfo=None,
            )
            return array._getvalue()  # noqa: SLF001  # a lowered struct's only way out

        return kind(types.intp, types.intp), generate

    array_at.__doc__ = f"An array of {kind.dtype} that begins at an address and has a size."
    return array_at


Addresses = types.Array(types.int64, 1, "C", readonly=True)
"""Addresses and sizes, of which a kernel tells the places."""
addresses_at = _array_at(Addresses)
words_at = _array_at(Words)
numbers_at = _array_at(Numbers)
keys_at = _array_at(Keys)
ids_at = _array_at(Ids)
distances_at = _array_at(Distances)

Bytes = types.Array(types.uint8, 2, "C", readonly=True)
"""Codes as they come from callers."""


def addresses(*arrays_and_sizes: npt.NDArray[Any] | int) -> npt.NDArray[np.int64]:
    """Where arrays begin, and sizes as they are, for a kernel to take as one argument."""
    return np.array(
        [part if isinstance(part, int) else address_of(part) for part in arrays_and_sizes], np.int64
    )
