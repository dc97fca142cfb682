"""Body temperatures in what a patient writes: "39.5度", "38度5", "39,5", "103 °F". No database.

A number without a unit counts when it has a decimal part or stands behind a word for fever, and
no other unit or measure claims it.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

DIGITS: Final = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"半": 5}
SPOKEN: Final = re.compile(r"三十([四五六七八九])|四十([一二三])?")
CELSIUS: Final = re.compile(
    r"(?<!\d)(?<!\d[.,])(?P<whole>3[4-9]|4[0-3])(?!\d)(?:(?P<sign>[.,。点])(?P<part>\d{1,2})(?!\d))?"
    r"(?P<unit>\s*(?:摄氏度|度(?:(?P<after>[\d一二三四五六七八九半])(?![\d.]))?"
    r"|°\s*c?(?![a-z])|c(?![a-z])|celsius|degrees?(?!\s*f)))?"
)
FAHRENHEIT: Final = re.compile(
    r"(?<!\d)(?<!\d[.,])(?P<whole>9[5-9]|10\d)(?:[.,](?P<part>\d))?"
    r"\s*(?:°\s*f|f(?![a-z])|华氏|fahrenheit|degrees?\s*f)"
)
OTHER_UNIT: Final = re.compile(
    r"\s*(?:公斤|千克|市?斤|克|毫|厘米|米|岁|天|日|周|个|月|小时|分|次|元|块|码|号|床|楼|%|/|:|-\s*\d"
    r"|(?:kgs?|g|mg|ml|cm|mm|m|w|weeks?|days?|months?|years?|hours?|lbs?|pounds?)(?![a-z]))"
)
OTHER_MEASURE: Final = re.compile(
    r"(?:体重|重|头围|胸围|身长|身高|长|孕|weight|weighs|height|length|circumference)"
    r"[^\d。;,.]{0,8}$"
)
FEVER_BEFORE: Final = re.compile(
    r"(?:体温|发烧|发热|高烧|高热|低烧|低热|烧|烫|temp(?:erature)?|fever)[^\d。;.]{0,12}$"
)


def temperatures(plain: str) -> Iterator[tuple[Decimal, str]]:
    """Yield each body temperature of a normalised text in °C, with the text before it."""
    plain = SPOKEN.sub(_in_digits, plain)
    for match in CELSIUS.finditer(plain):
        value = _celsius(match, plain)
        if value is not None:
            yield value, plain[: match.start()]
    for match in FAHRENHEIT.finditer(plain):
        degrees = Decimal(f"{match['whole']}.{match['part'] or 0}")
        yield (degrees - 32) * 5 / 9, plain[: match.start()]


def temperature_of(word: str) -> Decimal | None:
    """Return the temperature that a normalised warning word consists of, or None."""
    found = CELSIUS.fullmatch(word)
    return _number(found) if found is not None and found["unit"] else None


def _celsius(match: re.Match[str], plain: str) -> Decimal | None:
    before, after = plain[: match.start()], match.end()
    if match["unit"]:
        return _number(match)
    if OTHER_MEASURE.search(before):
        return None
    if OTHER_UNIT.match(plain, after):
        # "fever of 39, 5 days": the comma parts two numbers.
        is_list = match["sign"] in {",", "。"} and FEVER_BEFORE.search(before)
        return Decimal(match["whole"]) if is_list else None
    if match["part"] or FEVER_BEFORE.search(before):
        return _number(match)
    return None


def _number(match: re.Match[str]) -> Decimal:
    part = match["part"]
    if not part and match["after"]:
        part = str(DIGITS.get(match["after"], match["after"]))
    return Decimal(f"{match['whole']}.{part or 0}")


def _in_digits(match: re.Match[str]) -> str:
    ones, above_forty = match[1], match[2]
    return str(30 + DIGITS[ones]) if ones else str(40 + DIGITS.get(above_forty or "零", 0))
