"""Memory by its address, for kernels to whom arrays are too much.

A kernel is given addresses, whose arrays its caller keeps alive, and makes arrays of them, or
reads its inner loops' few numbers straight from them: an array takes seven registers in a kernel.
An address is an int64 of bytes.

The parameters of an operation are numba types, whose values come later, in ``generate``: hence
the arguments that its outer function does not use (ARG001).
"""

from collections.abc import Callable
from math import prod
from typing import Any, Final

from llvmlite import ir
from numba import types
from numba.np.arrayobj import populate_array

from hashmatch.kernels.intrinsics import I8, I16, I32, I64, declared, operation
from hashmatch.kernels.signatures import (
    Distances,
    Ids,
    Keys,
    Numbers,
    Places,
    RowsOut,
    StartsOut,
    Tags,
    TagsOut,
    Words,
)


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
def claim(_typing: Any, address: Any, mine: Any) -> Any:  # noqa: ARG001
    """Write a number over a zero, at an address that threads share; whether the number is there.

    So of several threads one gets what is to be had, and has it when it asks again.
    """

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], I64.as_pointer())
        answer = builder.cmpxchg(pointer, I64(0), arguments[1], "monotonic", "monotonic")
        before, done = builder.extract_value(answer, 0), builder.extract_value(answer, 1)
        return builder.or_(done, builder.icmp_unsigned("==", before, arguments[1]))

    return types.boolean(types.intp, types.intp), generate


@operation
def publish(_typing: Any, address: Any, value: Any) -> Any:  # noqa: ARG001
    """Write an int64 for other threads: who sees it by `look` sees all that was written before."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], I64.as_pointer())
        builder.store_atomic(arguments[1], pointer, "release", 8)
        return context.get_dummy_value()

    return types.void(types.intp, types.intp), generate


@operation
def look(_typing: Any, address: Any) -> Any:  # noqa: ARG001
    """The int64 at an address that other threads write to by `publish`."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], I64.as_pointer())
        return builder.load_atomic(pointer, "acquire", 8)

    return types.intp(types.intp), generate


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


NO_MEMORY: Final = -(2**63)
"""What a kernel returns that got no memory; Python sees a MemoryError."""


@operation
def allocate(_typing: Any, size: Any) -> Any:  # noqa: ARG001
    """Memory of some bytes by its address, of any content; 0 where there is none."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        function = declared(builder, "malloc", I8.as_pointer(), [I64])
        return builder.ptrtoint(builder.call(function, arguments), I64)

    return types.intp(types.intp), generate


@operation
def release(_typing: Any, address: Any) -> Any:  # noqa: ARG001
    """Give memory back that `allocate` gave."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        function = declared(builder, "free", ir.VoidType(), [I8.as_pointer()])
        builder.call(function, [builder.inttoptr(arguments[0], I8.as_pointer())])
        return context.get_dummy_value()

    return types.void(types.intp), generate


def arrays_of(kind: Any, *columns: int) -> Callable[..., Any]:
    """What makes arrays of a kind of addresses; lengths but the first are the same for all."""

    @operation
    def array_at(_typing: Any, address: Any, size: Any) -> Any:  # noqa: ARG001
        def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            array = context.make_array(kind)(context, builder)
            lane = context.get_data_type(kind.dtype)
            size = context.get_abi_sizeof(lane)
            steps = [size * prod(columns[at:]) for at in range(len(columns) + 1)]
            populate: Any = populate_array
            populate(
                array,
                data=builder.inttoptr(arguments[0], lane.as_pointer()),
                shape=[arguments[1], *map(I64, columns)],
                strides=[I64(step) for step in steps],
                itemsize=I64(size),
                meminfo=None,
            )
            return array._getvalue()  # noqa: SLF001  # a lowered struct's only way out

        return kind(types.intp, types.intp), generate

    array_at.__doc__ = f"An array of {kind.dtype} that begins at an address and has a length."
    return array_at


Addresses = types.Array(types.int64, 1, "C", readonly=True)
"""Addresses and sizes, of which a kernel tells the places."""
addresses_at = arrays_of(Addresses)
words_at = arrays_of(Words)
numbers_at = arrays_of(Numbers)
keys_at = arrays_of(Keys)
ids_at = arrays_of(Ids)
distances_at = arrays_of(Distances)
places_at = arrays_of(Places)
tags_at = arrays_of(Tags)
starts_out_at = arrays_of(StartsOut)
rows_out_at = arrays_of(RowsOut)
tags_out_at = arrays_of(TagsOut)
flags_at = arrays_of(types.Array(types.boolean, 1, "C"))
quads_at = arrays_of(types.Array(types.float64, 2, "C"), 4)
