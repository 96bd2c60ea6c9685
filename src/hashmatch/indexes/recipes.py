"""Index recipes: named sets of parameters, as TOML, that the command line and benchmarks share.

A recipe has a ``summary``, a ``kind`` (``flat``, ``ring``, ``faiss-ivf``…) and ``[parameters]``:
all the keyword arguments of the kind's maker in this file. The packaged ones are the files
``indexes/*.toml`` of the repository; any other file of that form is a recipe as well.
"""

import inspect
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from hashmatch.errors import SearchError
from hashmatch.indexes import order
from hashmatch.indexes.base import Index, checked_codes
from hashmatch.types import Codes


@dataclass(frozen=True, slots=True)
class Recipe:
    """A named set of parameters of one kind of index."""

    name: str
    summary: str
    kind: str
    parameters: MappingProxyType[str, Any]


def recipe_names() -> list[str]:
    """The packaged recipes."""
    return sorted(file.name.removesuffix(".toml") for file in _packaged() if _is_recipe(file.name))


def load_recipe(name_or_path: str | Path) -> Recipe:
    """Read a packaged recipe by name, or any by the path of its file, which ends in ``.toml``.

    Raises:
        SearchError: there is no such recipe, or it is malformed; the message says what is wrong.
    """
    wanted = str(name_or_path)
    try:
        if _is_recipe(wanted):
            name, written = Path(wanted).stem, Path(wanted).read_bytes()
        else:
            packaged = {file.name: file for file in _packaged()}
            name, written = wanted, packaged[f"{wanted}.toml"].read_bytes()
    except (OSError, KeyError) as error:
        raise SearchError(
            f"There is no recipe {wanted!r}. Known are {', '.join(recipe_names())}, or the path of "
            f"a .toml file."
        ) from error
    try:
        content = tomllib.loads(written.decode())
    except ValueError as error:  # of the encoding, or of TOML
        raise SearchError(f"The recipe {wanted} is not TOML: {error}.") from error
    summary, kind = content.pop("summary", ""), content.pop("kind", "")
    parameters = content.pop("parameters", {})
    if not (isinstance(summary, str) and isinstance(parameters, dict)):
        raise SearchError(
            f"The recipe {wanted} has a summary that is no text, or [parameters] that are no table."
        )
    if kind not in list(_MAKERS) or content:
        raise SearchError(
            f"The recipe {wanted} has kind {kind!r} and unknown keys {sorted(content)}; it "
            f"holds summary, kind ({', '.join(_MAKERS)}) and [parameters]."
        )
    recipe = Recipe(name, summary, kind, MappingProxyType(parameters))
    _check(recipe)
    return recipe


def build(recipe: Recipe, codes: Codes) -> Index:
    """Build an index of codes ``(n, width)`` as a recipe says.

    Raises:
        InvalidCodesError: malformed codes.
        SearchError: the recipe's parameters are not ones that its kind takes.
    """
    return _MAKERS[recipe.kind](checked_codes(codes), **recipe.parameters)


def _packaged() -> list[Any]:
    """The files of packaged recipes."""
    folder = files("hashmatch") / "_recipes"
    return list(folder.iterdir()) if folder.is_dir() else []


def _is_recipe(name: str) -> bool:
    return name.endswith(".toml")


def _check(recipe: Recipe) -> None:
    """Refuse parameters that the kind of index does not take, or not of this value, or lacks."""
    _, *taken = inspect.signature(_MAKERS[recipe.kind]).parameters
    unknown, lacking = recipe.parameters.keys() - set(taken), set(taken) - recipe.parameters.keys()
    if unknown or lacking:
        raise SearchError(
            f"The recipe {recipe.name} has unknown parameters {sorted(unknown)} and lacks "
            f"{sorted(lacking)}."
        )
    for name, least in _LEAST.items():
        value = recipe.parameters.get(name, least)
        if type(value) is not int or not least <= value <= _MOST:
            raise SearchError(
                f"The recipe {recipe.name} has {name} = {value!r}; that is a whole number from "
                f"{least} to {_MOST:,}."
            )


def _flat(codes: Codes) -> Index:
    from hashmatch.indexes.flat import FlatIndex

    return FlatIndex(codes)


def _ring(codes: Codes, *, flat_below: int, bit_order: str) -> Index:
    from hashmatch.indexes.ring import RingIndex

    kinds = {"standard": order.standard, "dealt": order.dealt, "plain": order.plain}
    if bit_order not in kinds:
        raise SearchError(f"A bit order is one of {', '.join(kinds)}, not {bit_order!r}.")
    bits = 8 * codes.shape[1]
    return RingIndex.build(codes, bit_order=kinds[bit_order](bits), flat_below=flat_below)


def _faiss_flat(codes: Codes) -> Index:
    import faiss  # 0.1 s that only users of FAISS pay

    return _filled(faiss.IndexBinaryFlat(8 * codes.shape[1]), codes)


def _faiss_multihash(codes: Codes, *, tables: int, key_bits: int, flips: int) -> Index:
    import faiss  # 0.1 s that only users of FAISS pay

    bits = 8 * codes.shape[1]
    if tables * key_bits > bits or flips > key_bits:
        raise SearchError(
            f"{tables} tables of {key_bits} bits each, of which {flips} are flipped, are not to be "
            f"had of codes of {bits} bits."
        )
    index = faiss.IndexBinaryMultiHash(bits, tables, key_bits)
    index.nflip = flips
    return _filled(index, codes)


def _faiss_ivf(codes: Codes, *, lists: int, probed: int) -> Index:
    import faiss  # 0.1 s that only users of FAISS pay

    bits = 8 * codes.shape[1]
    if len(codes) < lists:
        raise SearchError(f"{lists} lists take at least as many codes; there are {len(codes)}.")
    quantizer: Any = faiss.IndexBinaryFlat(bits)
    index = faiss.IndexBinaryIVF(quantizer, bits, lists)
    index.own_fields = True
    quantizer.this.disown()
    index.nprobe = probed
    index.cp.min_points_per_centroid = 1  # few codes are no reason to warn
    return _filled(index, codes)


def _faiss_hnsw(codes: Codes, *, links: int, search_depth: int) -> Index:
    import faiss  # 0.1 s that only users of FAISS pay

    index = faiss.IndexBinaryHNSW(8 * codes.shape[1], links)
    index.hnsw.efSearch = search_depth
    return _filled(index, codes)


def _filled(index: Any, codes: Codes) -> Index:
    from hashmatch.indexes.faiss import FaissIndex  # loads FAISS

    return FaissIndex.build(codes, index)


_LEAST: Final = {
    "flat_below": 0,
    "flips": 0,
    "key_bits": 1,
    "links": 2,
    "lists": 1,
    "probed": 1,
    "search_depth": 1,
    "tables": 1,
}
_MOST: Final = 2**31 - 1
"""From where to where numbers may lie; beyond that FAISS searches for ever, or ends the process."""

_MAKERS: Final[dict[str, Callable[..., Index]]] = {
    "flat": _flat,
    "ring": _ring,
    "faiss-flat": _faiss_flat,
    "faiss-multihash": _faiss_multihash,
    "faiss-ivf": _faiss_ivf,
    "faiss-hnsw": _faiss_hnsw,
}
