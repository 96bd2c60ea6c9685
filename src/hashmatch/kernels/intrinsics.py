"""The few machine operations that numba does not offer, as functions a kernel can call.

Vectors are written as LLVM vectors, not left to the auto-vectoriser: LLVM lowers them to whatever
the processor has (AVX-512 VPOPCNTDQ, AVX2, NEON), so a kernel is fast wherever it is compiled.

The parameters of an operation are numba types, whose values come later, in ``generate``: hence
the arguments that its outer function does not use (ARG001).
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.errors import RequireLiteralValue
from numba.extending import intrinsic

from hashmatch.kernels.layout import ABREAST, LANES, ROWS

I1, I8, I16, I32, I64 = (ir.IntType(bits) for bits in (1, 8, 16, 32, 64))


def operation(typing: Callable[..., Any]) -> Callable[..., Any]:
    """An intrinsic, typed as its callers see it: without the typing context."""
    return intrinsic(typing)


def _element(context: Any, builder: Any, array_type: Any, array: Any, index: Any) -> Any:
    """A pointer to ``array[index]`` of a one-dimensional C array."""
    return builder.gep(context.make_array(array_type)(context, builder, array).data, [index])


def _load(builder: Any, pointer: Any, lane: Any, count: int) -> Any:
    """Load ``count`` lanes from memory that may be unaligned."""
    vector = ir.VectorType(lane, count)
    return builder.load(builder.bitcast(pointer, vector.as_pointer()), align=1)


def _splat(builder: Any, value: Any, count: int) -> Any:
    """A vector of ``count`` equal lanes."""
    vector = ir.VectorType(value.type, count)
    one = builder.insert_element(ir.Constant(vector, ir.Undefined), value, I32(0))
    zeros = ir.Constant(ir.VectorType(I32, count), [0] * count)
    return builder.shuffle_vector(one, ir.Constant(vector, ir.Undefined), zeros)


def _shuffle(builder: Any, vector: Any, lanes: list[int]) -> Any:
    """The named lanes of a vector."""
    undefined = ir.Constant(vector.type, ir.Undefined)
    return builder.shuffle_vector(
        vector, undefined, ir.Constant(ir.VectorType(I32, len(lanes)), lanes)
    )


def declared(builder: Any, name: str, result: Any, parameters: list[Any]) -> Any:
    """An operation of LLVM, by its name."""
    declare: Any = cgutils.get_or_insert_function
    return declare(builder.module, ir.FunctionType(result, parameters), name)


def _popcounts(builder: Any, vector: Any) -> Any:
    """The number of set bits of each lane."""
    name = f"llvm.ctpop.v{vector.type.count}i{vector.type.element.width}"
    function = declared(builder, name, vector.type, [vector.type])
    return builder.call(function, [vector])


@operation
def popcount(_typing: Any, value: Any) -> Any:
    """The number of set bits of an integer, of the integer's own type."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return value(value), generate


@operation
def near_tags(_typing: Any, address: Any, tag: Any, limit: Any) -> Any:  # noqa: ARG001
    """Which of `LANES` tags from an address on differ from ``tag`` in at most ``limit`` bits.

    Tags are uint16. Bit ``i`` of the uint64 result stands for the ``i``-th of them.
    """

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        there = _load(builder, builder.inttoptr(arguments[0], I8.as_pointer()), I16, LANES)
        distances = _popcounts(builder, builder.xor(there, _splat(builder, arguments[1], LANES)))
        near = builder.icmp_unsigned("<=", distances, _splat(builder, arguments[2], LANES))
        return builder.zext(builder.bitcast(near, I32), I64)

    return types.uint64(types.intp, types.uint16, types.uint16), generate


@operation
def near_rows(
    _typing: Any,
    words: Any,
    start: Any,  # noqa: ARG001
    query: Any,
    first: Any,  # noqa: ARG001
    radius: Any,  # noqa: ARG001
    width: Any,
) -> Any:
    """Which of `ROWS` codes lie within ``radius`` of a query.

    Args:
        words: the codes as one run of uint64 words.
        start: the first word of the first code.
        query: the queries as one run of uint64 words.
        first: the first word of the query.
        radius: uint64, inclusive.
        width: words of a code; a literal power of two.

    Returns:
        uint64, whose bit ``i`` stands for code ``i`` of the eight.
    """
    if not isinstance(width, types.IntegerLiteral):
        raise RequireLiteralValue("width")
    per_row = width.literal_value

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = _element(context, builder, signature.args[0], arguments[0], arguments[1])
        there = _load(builder, pointer, I64, ROWS * per_row)
        pointer = _element(context, builder, signature.args[2], arguments[2], arguments[3])
        here = _load(builder, pointer, I64, per_row)
        here = _shuffle(builder, here, list(range(per_row)) * ROWS)
        sums = _popcounts(builder, builder.xor(there, here))
        while sums.type.count > ROWS:  # add neighbours until one lane a code is left
            lanes = range(0, sums.type.count, 2)
            sums = builder.add(
                _shuffle(builder, sums, list(lanes)),
                _shuffle(builder, sums, [lane + 1 for lane in lanes]),
            )
        near = builder.icmp_unsigned("<=", sums, _splat(builder, arguments[4], ROWS))
        return builder.zext(builder.bitcast(near, I8), I64)

    signature = types.uint64(words, types.intp, query, types.intp, types.uint64, width)
    return signature, generate


@operation
def near_columns(
    _typing: Any,
    address: Any,  # noqa: ARG001
    step: Any,  # noqa: ARG001
    query: Any,  # noqa: ARG001
    limit: Any,  # noqa: ARG001
    words: Any,
) -> Any:
    """Which of `ABREAST` codes lie within ``limit`` of a query, as far as their first words tell.

    Args:
        address: the first word of the first code; those of the others follow it.
        step: bytes from a word of a code to its next.
        query: address of the query, whose words follow each other.
        limit: uint64, inclusive.
        words: how many to look at; a literal.

    Returns:
        uint64, whose bit ``i`` stands for code ``i`` of these.
    """
    if not isinstance(words, types.IntegerLiteral):
        raise RequireLiteralValue("words")
    looked_at = words.literal_value

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        column, step, asked, limit = arguments[:4]
        total = None
        for word in range(looked_at):
            there = _load(builder, builder.inttoptr(column, I8.as_pointer()), I64, ABREAST)
            pointer = builder.inttoptr(builder.add(asked, I64(8 * word)), I64.as_pointer())
            here = _splat(builder, builder.load(pointer, align=1), ABREAST)
            bits = _popcounts(builder, builder.xor(there, here))
            total = bits if total is None else builder.add(total, bits)
            column = builder.add(column, step)
        near = builder.icmp_unsigned("<=", total, _splat(builder, limit, ABREAST))
        return builder.zext(builder.bitcast(near, ir.IntType(ABREAST)), I64)

    signature = types.uint64(types.intp, types.intp, types.intp, types.uint64, words)
    return signature, generate


@operation
def lowest_bit(_typing: Any, mask: Any) -> Any:
    """The index of the lowest set bit of a uint64 that is not zero."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], I1(1))

    return types.intp(mask), generate


@operation
def deal_nibbles(
    _typing: Any,
    code: Any,  # noqa: ARG001
    spread: Any,  # noqa: ARG001
    chunks: Any,  # noqa: ARG001
    width: Any,
) -> Any:
    """Write the chunks of the code at an address to another; see `hashmatch.kernels.buckets.deal`.

    A line of instructions without a loop, of which LLVM would make slow gathers. ``width`` is a
    literal power of two.
    """
    if not isinstance(width, types.IntegerLiteral):
        raise RequireLiteralValue("width")
    words = width.literal_value

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        code, spread, chunks = (
            builder.inttoptr(address, I8.as_pointer()) for address in arguments[:3]
        )
        dealt = ir.Constant(ir.VectorType(I64, words), [0] * words)
        for word in range(words):
            pointer = builder.bitcast(builder.gep(code, [I64(8 * word)]), I64.as_pointer())
            bits = builder.load(pointer, align=1)
            for nibble in range(16):
                value = builder.and_(builder.lshr(bits, I64(4 * nibble)), I64(15))
                offset = builder.mul(
                    builder.add(value, I64(16 * (16 * word + nibble))), I64(8 * words)
                )
                row = _load(builder, builder.gep(spread, [offset]), I64, words)
                dealt = builder.xor(dealt, row)
        builder.store(dealt, builder.bitcast(chunks, dealt.type.as_pointer()), align=1)
        return context.get_dummy_value()

    return types.void(types.intp, types.intp, types.intp, width), generate


@operation
def stay_apart(_typing: Any) -> Any:
    """Keep the function in which this stands from becoming a part of its callers.

    There an inner loop's numbers would compete for registers with all that its callers hold.
    """

    def generate(context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        builder.function.attributes.add("noinline")
        return context.get_dummy_value()

    return types.void(), generate
