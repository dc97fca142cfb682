"""Chinese ID numbers and ages, by tables and by generated cases."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.patients.rules import (
    IdNumberError,
    age_in_years,
    check_digit,
    is_plausible_birthday,
    mask_id_number,
    read_id_number,
)

TODAY = date(2026, 11, 22)
# The example of GB 11643-1999 and its twin of the other gender.
WOMAN, MAN = "11010519491231002X", "440524188001010014"

birthdays = st.dates(min_value=date(1900, 1, 1), max_value=TODAY)
short_birthdays = st.dates(min_value=date(1900, 1, 1), max_value=date(1999, 12, 31))
regions = st.sampled_from(["110105", "310101", "440304", "510107", "650102", "830000"])
orders = st.integers(min_value=0, max_value=999)


def _full(region: str, birthday: date, order: int) -> str:
    head = f"{region}{birthday:%Y%m%d}{order:03d}"
    return head + check_digit(head)


def test_the_example_of_the_standard_is_read() -> None:
    number = read_id_number(WOMAN, on=TODAY)

    assert (number.text, number.birthday, number.is_male) == (
        WOMAN, date(1949, 12, 31), False,
    )  # fmt: skip
    assert number.masked == "110***********002X"


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002X ",
        "110105-19491231-002X",
        "110105491231002",
    ],
)
def test_common_spellings_and_fifteen_digits_become_the_same_number(typed: str) -> None:
    assert read_id_number(typed, on=TODAY).text == WOMAN


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "110105194912310021",  # check digit
        "11010519491231002",  # 17
        "1101051949123100211",  # 19
        MAN,  # born 1880
        "11010520261123" + "0021",  # born tomorrow
        "990105194912310028",  # no such region
        "110105194902300028",  # 30 February
        "110105490230002",
        "11010519491231002Y",
        "X1010519491231002X",
        "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X",
        "1" * 100_000,
        "\x00" * 18,
        "110***********002X",
    ],
)
def test_everything_else_is_refused(typed: str) -> None:
    with pytest.raises(IdNumberError):
        read_id_number(typed, on=TODAY)


@given(regions, birthdays, orders)
def test_every_well_formed_number_tells_birthday_and_gender(
    region: str, birthday: date, order: int
) -> None:
    number = read_id_number(_full(region, birthday, order), on=TODAY)

    assert number.birthday == birthday
    assert number.is_male == (order % 2 == 1)


@given(regions, short_birthdays, orders)
def test_fifteen_digits_mean_the_same_person_as_eighteen(
    region: str, birthday: date, order: int
) -> None:
    short = f"{region}{birthday:%y%m%d}{order:03d}"

    assert read_id_number(short, on=TODAY).text == _full(region, birthday, order)


@given(regions, birthdays, orders, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(
    region: str, birthday: date, order: int, place: int, shift: int
) -> None:
    right = _full(region, birthday, order)
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]

    with pytest.raises(IdNumberError):
        read_id_number(wrong, on=TODAY)


@given(regions, birthdays, orders, st.integers(0, 15))
def test_two_swapped_neighbours_are_always_found(
    region: str, birthday: date, order: int, place: int
) -> None:
    right = _full(region, birthday, order)
    swapped = right[:place] + right[place + 1] + right[place] + right[place + 2 :]

    if swapped != right:
        with pytest.raises(IdNumberError):
            read_id_number(swapped, on=TODAY)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        number = read_id_number(text, on=TODAY)
    except IdNumberError:
        return
    assert len(number.text) == 18


@given(regions, birthdays, orders)
def test_the_mask_hides_birthday_and_keeps_length(region: str, birthday: date, order: int) -> None:
    number = _full(region, birthday, order)

    masked = mask_id_number(number)

    assert len(masked) == 18
    assert masked[3:14] == "*" * 11
    assert mask_id_number("") == ""


@pytest.mark.parametrize(
    ("birthday", "on", "age"),
    [
        (date(2000, 5, 1), date(2026, 4, 30), 25),
        (date(2000, 5, 1), date(2026, 5, 1), 26),
        (date(2004, 2, 29), date(2025, 2, 28), 20),
        (date(2004, 2, 29), date(2025, 3, 1), 21),
        (date(2026, 11, 22), TODAY, 0),
    ],
)
def test_age_counts_completed_years(birthday: date, on: date, age: int) -> None:
    assert age_in_years(birthday, on) == age


def test_nobody_is_born_tomorrow_or_before_1900() -> None:
    assert is_plausible_birthday(TODAY, on=TODAY)
    assert not is_plausible_birthday(TODAY + timedelta(days=1), on=TODAY)
    assert not is_plausible_birthday(date(1899, 12, 31), on=TODAY)
