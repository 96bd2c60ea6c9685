import numpy as np
import pytest
from numba import njit

from hashmatch.kernels import memory
from hashmatch.kernels.layout import address_of, addresses


@njit
def call_loads(address):
    return memory.load_16(address), memory.load_32(address), memory.load_64(address)


@njit
def call_store(address, value):
    memory.store_64(address, value)


@njit
def call_prefetch(address):
    memory.prefetch(address)


@njit
def call_claim(address, mine):
    return memory.claim(address, mine)


@njit
def call_publish(address, value):
    memory.publish(address, value)


@njit
def call_look(address):
    return memory.look(address)


@njit
def sum_of_words(address, size):
    total = np.uint64(0)
    for word in memory.words_at(address, size):
        total += word
    return total


@njit
def write_numbers(address, size):
    numbers = memory.numbers_at(address, size)
    for place in range(size):
        numbers[place] = place


@pytest.mark.parametrize("start", [0, 1, 7])
def test_numbers_are_loaded_from_any_address_without_a_sign(start):
    octets = np.arange(200, 232, dtype=np.uint8)
    loaded = call_loads(address_of(octets[start:]))
    kept = octets[start:].tobytes()
    assert loaded == (
        int.from_bytes(kept[:2], "little"),
        int.from_bytes(kept[:4], "little"),
        int.from_bytes(kept[:8], "little", signed=True),
    )


def test_a_number_is_stored_where_it_was_told():
    numbers = np.zeros(3, np.int64)
    call_store(address_of(numbers) + 8, -5)
    assert numbers.tolist() == [0, -5, 0]


def test_arrays_begin_at_their_addresses_also_at_odd_ones():
    octets = np.zeros(33, np.uint8)
    octets[1:].view(np.uint64)[:] = [1, 2, 3, 4]
    assert sum_of_words(address_of(octets[9:]), 2) == 5
    numbers = np.zeros(5, np.uint32)
    write_numbers(address_of(numbers[1:]), 3)
    assert numbers.tolist() == [0, 0, 1, 2, 0]


def test_addresses_are_of_arrays_and_sizes_stay():
    array = np.zeros(4, np.uint16)
    assert addresses(array, 7, array[2:]).tolist() == [
        array.ctypes.data,
        7,
        array.ctypes.data + 4,
    ]


def test_prefetch_may_point_anywhere():
    for address in (0, 1, -1, 2**47 - 1):
        call_prefetch(address)


def test_a_claim_is_had_by_the_first_who_asks_and_again_by_the_same():
    places = np.zeros(3, np.int64)
    at = address_of(places) + 8
    assert [call_claim(at, mine) for mine in (7, 8, 7, 8)] == [True, False, True, False]
    assert places.tolist() == [0, 7, 0]


def test_what_is_published_is_seen():
    places = np.zeros(3, np.int64)
    call_publish(address_of(places) + 8, -7)
    assert places.tolist() == [0, -7, 0]
    assert [call_look(address_of(places) + at) for at in (0, 8)] == [0, -7]
