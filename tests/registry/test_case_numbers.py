import pytest

from hashmatch.registry import case_numbers


def test_numbers_are_twelve_digits_in_three_groups():
    number = case_numbers.new()
    groups = number.split("-")
    assert [len(group) for group in groups] == [4, 4, 4]
    assert case_numbers.tidy(number) == number


def test_numbers_are_not_guessed_from_one_another():
    assert len({case_numbers.new() for _ in range(1000)}) == 1000


@pytest.mark.parametrize("typed", ["482109375523", " 4821 0937 5523\n", "4821 - 0937 - 5523"])
def test_how_a_number_is_typed_does_not_matter(typed):
    assert case_numbers.tidy(typed) == "4821-0937-5523"


def test_every_wrong_digit_and_every_swap_of_neighbours_is_found():
    digits = "482109375523"
    for place in range(12):
        for digit in "0123456789":
            if digit != digits[place]:
                assert case_numbers.tidy(digits[:place] + digit + digits[place + 1 :]) is None
    for place in range(11):
        if digits[place] != digits[place + 1]:
            swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
            assert case_numbers.tidy(swapped) is None


@pytest.mark.parametrize(
    "text", ["", "4821", "4821-0937-552", "4821-0937-55233", "٤821-0937-5523", "abcd-0937-5523"]
)
def test_what_is_no_number(text):
    assert case_numbers.tidy(text) is None


def test_the_damm_code_of_its_inventors_example():
    assert case_numbers._check_digit("572") == 4
