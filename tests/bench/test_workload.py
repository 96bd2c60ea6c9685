import numpy as np
import pytest

from hashmatch.bench import workload as module
from hashmatch.bench.workload import Workload, refuse_too_many
from hashmatch.errors import InvalidCodesError, InvalidRadiusError
from hashmatch.indexes import FlatIndex


def made(count=2000, **settings):
    asked = {"codes": "uniform", "queries": 200, "batches": (400,)} | settings
    return Workload(**asked).made(count)


def nearest(codes, queries):
    found = FlatIndex(codes).search(queries, 256)
    return np.array([each.distances[0] for each in found])


def test_the_same_seed_makes_the_same_work():
    for one, other in zip(made(seed=4), made(seed=4), strict=True):
        np.testing.assert_array_equal(one, other)
    assert not np.array_equal(made(seed=4)[0], made(seed=5)[0])


@pytest.mark.parametrize("planted", [0.0, 0.25, 0.5, 1.0])
def test_so_many_queries_are_planted_within_the_radius(planted):
    codes, queries = made(planted=planted, radius=31)
    assert codes.shape == (2000, 32)
    assert queries.shape == (400, 32)
    assert (nearest(codes, queries) <= 31).sum() == round(400 * planted)


def test_planted_queries_lie_at_every_distance_up_to_the_radius():
    distances = nearest(*made(planted=1.0, radius=7, batches=(2000,)))
    assert set(distances) == set(range(8))


def test_queries_come_in_no_order():
    is_planted = nearest(*made()) <= 31
    assert (is_planted[1:] != is_planted[:-1]).sum() > 20


def test_natural_strangers_are_not_in_the_list(photographs, tmp_path):
    from PIL import Image

    for name, photo in photographs.items():
        Image.fromarray(photo[::2, ::2]).save(tmp_path / f"{name}.png")
    settings = {"codes": "natural", "photos": str(tmp_path), "planted": 0.0}
    codes, queries = made(1000, **settings)
    np.testing.assert_array_equal(codes, made(1000, **settings)[0])
    assert not (queries[:, None] == codes[None]).all(axis=2).any()


@pytest.mark.parametrize(("count", "held"), [(None, 270), (200, 200), (900, 900)])
def test_codes_of_a_file_are_taken_or_grown(tmp_path, random, count, held):
    listed = random.integers(0, 256, (300, 8), np.uint8)
    np.save(tmp_path / "codes.npy", listed)
    settings = {"codes": str(tmp_path / "codes.npy"), "radius": 5, "batches": (50,)}
    codes, queries = made(count, **settings)
    assert codes.shape == (held, 8)
    assert queries.shape == (200, 8)
    kept = {row.tobytes() for row in listed} & {row.tobytes() for row in codes}
    assert len(kept) == min(held, 270)


@pytest.mark.parametrize("radius", [-1, 257, 10**9])
def test_a_radius_that_codes_have_no_use_for_is_refused_before_codes_are_made(radius, monkeypatch):
    monkeypatch.setattr(module.made, "uniform", lambda *_: pytest.fail("too late"))
    with pytest.raises(InvalidRadiusError, match="256 bits"):
        made(radius=radius)


@pytest.mark.parametrize("count", [0, -5])
def test_an_empty_list_is_refused(count):
    with pytest.raises(InvalidCodesError, match="one code at least"):
        made(count)


def test_more_codes_than_memory_are_refused_with_both_sizes():
    with pytest.raises(InvalidCodesError, match=r"GiB, and an index.* this machine has .* \(-n\)"):
        refuse_too_many(10**15, 256)


@pytest.mark.parametrize(
    "settings", [{"planted": 1.5}, {"planted": -0.1}, {"queries": 0}, {"batches": ()}, {"seed": -1}]
)
def test_settings_that_make_no_sense_are_refused(settings):
    with pytest.raises(ValueError, match=r"between|at least"):
        Workload(**settings)
