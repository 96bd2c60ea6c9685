import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import hashmatch.indexes
from hashmatch.errors import SearchError
from hashmatch.indexes import build, load_recipe, recipe_names
from hashmatch.kernels import reference

RECIPES = sorted((Path(__file__).parents[2] / "indexes").glob("*.toml"))
EXACT_TO = {
    "flat": 256,
    "ring": 256,
    "faiss-flat": 256,
    "faiss-multihash-16x16": 31,
    "faiss-multihash-11x23": 32,
    "faiss-ivf": -1,
    "faiss-hnsw": -1,
}


def test_the_recipes_of_the_repository_are_these():
    assert {path.stem for path in RECIPES} == EXACT_TO.keys()


def test_the_packaged_recipes_are_those_of_the_repository():
    if not recipe_names():
        pytest.skip("this checkout is not installed: its recipes are packaged by the build")
    for path in RECIPES:
        packaged, here = load_recipe(path.stem), load_recipe(path)
        assert packaged == here


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_every_recipe_builds_what_it_says(path, random):
    recipe = load_recipe(path)
    assert recipe.name == path.stem
    assert recipe.summary.endswith(".")
    codes = random.integers(0, 256, (2000, 32), np.uint8)
    index = build(recipe, codes)
    assert len(index) == 2000
    assert index.exact_radius == EXACT_TO[recipe.name]
    queries = codes[:20].copy()
    queries[:, 3] ^= 0b11
    found, full = index.search(queries, 31), reference.search(codes, queries, 31)
    if index.exact_radius >= 31:
        np.testing.assert_array_equal(found.ids, full.ids)
    else:
        assert set(found.ids.tolist()) <= set(full.ids.tolist())
        assert len(found.ids) >= 10


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kind = 7 = 8", "not TOML"),
        ('summary = "x"', "kind ''"),
        ('kind = "flat"\ncolour = 1', "unknown keys ..colour"),
        ('kind = "flat"\n[parameters]\ndepth = 3', "unknown parameters ..depth"),
        ('kind = "faiss-hnsw"\n[parameters]\nlinks = 3', "lacks ..search_depth"),
        ('kind = ["flat"]', "kind ..flat"),
        ('kind = "flat"\nparameters = 3', "no text, or"),
        ('kind = "flat"\n[[parameters]]\ndepth = 3', "no text, or"),
        ('kind = "flat"\nsummary = 3', "no text, or"),
        ('kind = "flat" # \udcff', "not TOML"),
    ],
)
def test_a_malformed_recipe_says_what_is_wrong(text, words, tmp_path):
    (tmp_path / "mine.toml").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(SearchError, match=words):
        load_recipe(tmp_path / "mine.toml")


NUMBERS = {
    "ring": {"flat_below": 0},
    "faiss-multihash-16x16": {"tables": 1, "key_bits": 1, "flips": 0},
    "faiss-ivf": {"lists": 1, "probed": 1},
    "faiss-hnsw": {"links": 2, "search_depth": 1},
}


@pytest.mark.parametrize("wrong", ['"many"', "1.5", "true", "-1", "{}", "2147483648", "[]"])
@pytest.mark.parametrize(
    ("name", "parameter"),
    [(name, number) for name, numbers in NUMBERS.items() for number in numbers],
)
def test_a_parameter_that_is_no_number_of_its_kind_is_refused(name, parameter, wrong, tmp_path):
    """FAISS takes some of these, and then searches for ever, or ends the process."""
    (recipe,) = (path for path in RECIPES if path.stem == name)
    text = re.sub(rf"(?m)^{parameter} = \w+", f"{parameter} = {wrong}", recipe.read_text())
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(SearchError, match=f"{parameter} = .*whole number from"):
        load_recipe(tmp_path / "mine.toml")


@pytest.mark.parametrize("name", sorted(NUMBERS))
def test_the_least_parameters_build_an_index(name, random, tmp_path):
    (recipe,) = (path for path in RECIPES if path.stem == name)
    text = recipe.read_text()
    for parameter, least in NUMBERS[name].items():
        text = re.sub(rf"(?m)^{parameter} = \w+", f"{parameter} = {least}", text)
    (tmp_path / "mine.toml").write_text(text)
    codes = random.integers(0, 256, (300, 32), np.uint8)
    index = build(load_recipe(tmp_path / "mine.toml"), codes)
    assert set(index.search(codes[:2], 0).ids.tolist()) <= {0, 1}


@pytest.mark.parametrize("numbers", [(17, 16, 1), (3, 100, 1), (2, 8, 9)])
def test_more_bits_than_a_code_has_are_not_to_be_had(numbers, random, tmp_path):
    tables, key_bits, flips = numbers
    (tmp_path / "mine.toml").write_text(
        f'kind = "faiss-multihash"\n[parameters]\ntables = {tables}\nkey_bits = {key_bits}\n'
        f"flips = {flips}\n"
    )
    with pytest.raises(SearchError, match=f"{tables} tables of {key_bits} bits"):
        build(load_recipe(tmp_path / "mine.toml"), random.integers(0, 256, (9, 32), np.uint8))


@pytest.mark.parametrize("name", ["nothing", "nothing.toml", "../ring", ""])
def test_an_unknown_recipe_is_told_with_the_known_ones(name):
    with pytest.raises(SearchError, match="There is no recipe"):
        load_recipe(name)


def test_an_unknown_bit_order_is_refused(tmp_path):
    (tmp_path / "mine.toml").write_text(
        'kind = "ring"\n[parameters]\nflat_below = 1\nbit_order = "odd"'
    )
    with pytest.raises(SearchError, match="'odd'"):
        build(load_recipe(tmp_path / "mine.toml"), np.zeros((1, 32), np.uint8))


def test_too_few_codes_for_their_lists_are_told(random):
    recipe = load_recipe(next(path for path in RECIPES if path.stem == "faiss-ivf"))
    with pytest.raises(SearchError, match="1024 lists"):
        build(recipe, random.integers(0, 256, (100, 32), np.uint8))


def test_every_public_name_is_there():
    for name in hashmatch.indexes.__all__:
        assert getattr(hashmatch.indexes, name) is not None
    assert dir(hashmatch.indexes) == hashmatch.indexes.__all__
    with pytest.raises(AttributeError, match="nothing"):
        _ = hashmatch.indexes.nothing


def test_importing_the_room_loads_neither_numba_nor_faiss():
    program = (
        "import sys, hashmatch.indexes, hashmatch.indexes.base, hashmatch.kernels.reference; "
        "print({'numba', 'faiss', 'pyarrow'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "set()"
