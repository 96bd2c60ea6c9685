"""The route for codes: JSON or an Arrow stream in, the same kind out."""

from typing import Any, Final

import anyio
import numpy as np
import numpy.typing as npt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hashmatch import hashers
from hashmatch.errors import BadRequestError, InvalidCodesError
from hashmatch.matching import ACTIONS, Judged, Matcher
from hashmatch.service import bodies
from hashmatch.service.metrics import Metrics
from hashmatch.service.node import node_of
from hashmatch.types import Codes

ARROW: Final = "application/vnd.apache.arrow.stream"
_Asked = tuple[str, Codes, npt.NDArray[np.int16] | None]


async def match(request: Request) -> Response:
    """`POST /v1/matches`."""
    node = node_of(request)
    node.gate.require(request, "check")
    matcher, most = node.matcher, node.settings.codes
    body = await bodies.read(request, bodies.JSON_BYTES, node.settings.upload_seconds)
    is_arrow = request.headers.get("content-type", "").partition(";")[0].strip() == ARROW
    hasher = request.query_params.get("hasher", "pdq")

    def answer() -> Response:
        asked = _from_arrow(body, hasher, most) if is_arrow else _from_json(body, most)
        judged = _judge(matcher, *asked)
        _note(node.metrics, judged)
        if is_arrow:
            return Response(_to_arrow(judged), media_type=ARROW)
        return JSONResponse(_to_json(judged))

    return await anyio.to_thread.run_sync(answer)


def _judge(
    matcher: Matcher, hasher: str, codes: Codes, qualities: npt.NDArray[np.int16] | None
) -> Judged:
    return matcher.match_lists(codes, qualities, hasher)


def _from_json(body: bytearray, most: int) -> _Asked:
    fields = bodies.object_from(body).only("hasher", "codes", "qualities")
    hasher = fields.text("hasher", "pdq")[:64]
    texts = fields.array("codes", most)
    width = hashers.get(hasher).bits // 8
    for number, text in enumerate(texts, start=1):
        if not isinstance(text, str) or len(text) != 2 * width:
            raise InvalidCodesError(
                f"Code {number} is not a string of {2 * width} hexadecimal digits."
            )
    try:
        packed = bytes.fromhex("".join(texts))
    except ValueError:
        packed = b""
    if len(packed) != width * len(texts):
        raise InvalidCodesError("A code has characters that are not hexadecimal digits.")
    codes = np.frombuffer(packed, np.uint8).reshape(len(texts), width)
    qualities = fields.array("qualities", most, None)
    return hasher, codes, None if qualities is None else _checked(qualities, len(texts))


def _from_arrow(body: bytearray, hasher: str, most: int) -> _Asked:
    import pyarrow as pa

    width = hashers.get(hasher[:64]).bits // 8
    try:
        with pa.ipc.open_stream(pa.py_buffer(body)) as stream:
            batches, count = [], 0
            for batch in stream:
                count += batch.num_rows
                if count > most:
                    raise BadRequestError(f"There are more than {most:,} codes, the limit.")
                batch.validate(full=True)
                batches.append(batch)
            table = pa.Table.from_batches(batches, stream.schema)
        column = table.column("code").cast(pa.binary(width)).combine_chunks()
        qualities = table.column("quality").to_pylist() if "quality" in table.schema.names else None
    except (pa.ArrowException, KeyError, ValueError, OSError):
        raise BadRequestError(
            f"The body is not an Arrow stream with a column 'code' of {width} bytes a value."
        ) from None
    if column.null_count:
        raise InvalidCodesError("A code is null.")
    if isinstance(column, pa.ChunkedArray):  # of no rows
        column = pa.concat_arrays([*column.chunks, pa.array([], pa.binary(width))])
    packed = b"".join(column.to_pylist())
    codes = np.frombuffer(packed, np.uint8).reshape(len(column), width)
    return hasher, codes, None if qualities is None else _checked(qualities, len(codes))


def _checked(qualities: list[Any], count: int) -> npt.NDArray[np.int16]:
    if len(qualities) != count:
        raise InvalidCodesError(f"There are {count} codes and {len(qualities)} qualities.")
    for number, quality in enumerate(qualities, start=1):
        is_whole = type(quality) is int and 0 <= quality <= 100
        if quality is not None and not is_whole:
            raise InvalidCodesError(f"Quality {number} is not null or a whole number to 100.")
    return np.array([-1 if quality is None else quality for quality in qualities], np.int16)


def _to_json(judged: Judged) -> dict[str, Any]:
    names = [each.name for each in judged.lists]
    found = [
        {"entry": entry, "list": names[place], "distance": distance, "action": ACTIONS[action]}
        for entry, place, distance, action in zip(
            judged.matches.ids.tolist(),
            judged.list_of.tolist(),
            judged.matches.distances.tolist(),
            judged.actions.tolist(),
            strict=True,
        )
    ]
    offsets = judged.matches.offsets.tolist()
    return {
        "sequence": judged.sequence,
        "results": [
            {"action": ACTIONS[verdict], "matches": found[offsets[k] : offsets[k + 1]]}
            for k, verdict in enumerate(judged.verdicts.tolist())
        ],
    }


def _to_arrow(judged: Judged) -> bytes:
    """A row for each match; ``query`` counts codes from 0."""
    import pyarrow as pa

    names = pa.array([each.name for each in judged.lists], pa.string())
    query = np.repeat(np.arange(len(judged.matches)), np.diff(judged.matches.offsets))
    table = pa.table(
        {
            "query": pa.array(query, pa.int64()),
            "entry": pa.array(judged.matches.ids),
            "list": pa.DictionaryArray.from_arrays(pa.array(judged.list_of, pa.int32()), names),
            "distance": pa.array(judged.matches.distances),
            "action": pa.DictionaryArray.from_arrays(
                pa.array(judged.actions.astype(np.int8)), pa.array(ACTIONS)
            ),
        },
        metadata={"sequence": str(judged.sequence)},
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _note(metrics: Metrics, judged: Judged) -> None:
    for action, count in zip(ACTIONS, np.bincount(judged.verdicts, minlength=3), strict=True):
        metrics.codes.labels(action).inc(int(count))
    pairs, counts = np.unique(judged.list_of * 3 + judged.actions, return_counts=True)
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        metrics.matches.labels(judged.lists[pair // 3].name, ACTIONS[pair % 3]).inc(count)
