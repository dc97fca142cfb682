"""Pure rules of records: numbers, which diagnoses go together, what must be kept."""

from collections.abc import Collection
from datetime import date, datetime

from clinic.records.enums import CodeSystem

NUMBER_DIGITS = 8
NUMBER_DRAWS = 5  # tries to find a number that nobody has
# ICD-11 chapter 26 (traditional medicine), codes SA00 to ST2Z: beside a code of another chapter.
TRADITIONAL_CHAPTER = "S"


def record_number(day: date, digits: str) -> str:
    """Return what people call a record: the clinic's day and random digits."""
    return f"{day:%Y%m%d}{digits}"


def lacks_pattern(systems: Collection[str]) -> bool:
    """Say whether a TCM disease stands without its pattern, or a pattern without its disease.

    The writing rules for TCM records of 2010 want both.
    """
    return (CodeSystem.TCM_DISEASE in systems) != (CodeSystem.TCM_PATTERN in systems)


def lacks_western_pair(codes: Collection[str]) -> bool:
    """Say whether ICD-11 codes are all of the traditional chapter, which is never used alone."""
    return bool(codes) and all(code.startswith(TRADITIONAL_CHAPTER) for code in codes)


def years_before(moment: datetime, years: int) -> datetime:
    """Return the same moment of an earlier year; 29 February becomes 28 February."""
    try:
        return moment.replace(year=moment.year - years)
    except ValueError:
        return moment.replace(year=moment.year - years, day=28)
