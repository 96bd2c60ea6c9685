import threading

import pytest
from submitting import one_picture

from hashmatch.errors import InvalidHashError, InvalidRetryKeyError
from hashmatch.registry import Registry

pytestmark = pytest.mark.usefixtures("quick_phrases")
KEY = "0f8fad5b-d9cb-469f-a165-70867728950e"
OTHER = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


def test_a_retry_gets_the_same_receipt_and_makes_nothing(registry, hashes):
    some = hashes(2)
    first = registry.submit(one_picture(some), retry_key=KEY)
    again = registry.submit(one_picture(reversed(some)), retry_key=KEY)
    assert again == first
    assert registry.count_entries("default") == 2
    assert registry.withdraw_case(again.number, again.secret_phrase).state == "withdrawn"


def test_other_keys_and_no_keys_make_cases_of_their_own(registry, hashes):
    some = hashes(1)
    receipts = [
        registry.submit(one_picture(some), retry_key=key) for key in (KEY, OTHER, None, None)
    ]
    assert len({receipt.number for receipt in receipts}) == 4
    assert len({receipt.secret_phrase for receipt in receipts}) == 4


def test_a_retry_after_the_withdrawal_brings_nothing_back(registry, hashes):
    some = hashes(1)
    receipt = registry.submit(one_picture(some), retry_key=KEY)
    registry.withdraw_case(receipt.number, receipt.secret_phrase)
    assert registry.submit(one_picture(some), retry_key=KEY).number == receipt.number
    assert registry.count_entries("default") == 0


def test_a_key_belongs_to_one_request(registry, hashes):
    registry.create_list("other")
    some = hashes(1)
    registry.submit(one_picture(some), retry_key=KEY)
    with pytest.raises(InvalidRetryKeyError, match="other pictures"):
        registry.submit(one_picture(hashes(1)), retry_key=KEY)
    with pytest.raises(InvalidRetryKeyError, match="other pictures"):
        registry.submit(one_picture(some), "other", retry_key=KEY)
    assert registry.count_entries("default") == 1


def test_a_request_that_failed_leaves_its_key_free(registry, hashes):
    with pytest.raises(InvalidHashError):
        registry.submit(one_picture([]), retry_key=KEY)
    assert registry.submit(one_picture(hashes(1)), retry_key=KEY).entries == (1,)


@pytest.mark.parametrize("key", ["", "1", "x" * 40, "a" * 201, "é" * 30, "with spaces " * 4])
def test_keys_that_others_could_have_too(registry, hashes, key):
    with pytest.raises(InvalidRetryKeyError, match="at random"):
        registry.submit(one_picture(hashes(1)), retry_key=key)


def test_the_key_and_what_it_came_with_cannot_be_read_or_tested(registry, hashes):
    (value,) = hashes(1)
    receipt = registry.submit(one_picture([value]), retry_key=KEY)
    with registry._database.reading() as connection:
        rows = repr(connection.exec_driver_sql("SELECT * FROM retries").all())
    assert KEY not in rows
    assert receipt.secret_phrase not in rows
    assert repr(value.code)[2:-1] not in rows


def test_the_same_request_from_many_at_once_makes_one_case(place, hashes):
    some = hashes(2)
    with Registry.open(place) as registry:
        receipts = []
        threads = [
            threading.Thread(
                target=lambda: receipts.append(registry.submit(one_picture(some), retry_key=KEY))
            )
            for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(receipts) == 6
        assert {(r.number, r.secret_phrase) for r in receipts} == {
            (receipts[0].number, receipts[0].secret_phrase)
        }
        assert registry.count_entries("default") == 2
