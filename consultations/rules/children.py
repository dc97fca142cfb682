"""Who is a small child: seen by some departments only, and never without a guardian."""

from datetime import date

from clinic.settings import rules as numbers


def youngest_birthday_of_the_rest(today: date) -> date:
    """Return the last birthday of who is no small child: those born later are below the age."""
    try:
        return today.replace(year=today.year - numbers.CHILD_UNDER_YEARS)
    except ValueError:  # 29 February
        return today.replace(year=today.year - numbers.CHILD_UNDER_YEARS, day=28)


def is_small_child(birthday: date, today: date) -> bool:
    """Say whether somebody is below CHILD_UNDER_YEARS."""
    return birthday > youngest_birthday_of_the_rest(today)


def age_in_months(birthday: date | None, today: date) -> int | None:
    """Return the completed months of life; None for an unknown birthday."""
    if birthday is None:
        return None
    months = (today.year - birthday.year) * 12 + today.month - birthday.month
    return months - (today.day < birthday.day)
