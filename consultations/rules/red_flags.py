"""Which warning words a patient's text states, and not denies. No database, no clock.

A missed warning is worse than a needless one: a word counts as denied only when the denial stands
right beside it, or before a list that it is part of.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final

from consultations.rules.temperatures import temperature_of, temperatures

# Traditional forms of the signs that warning words are made of; other signs stay as they are.
SIMPLIFIED: Final = str.maketrans(
    "難氣壓悶緊斷臟嘔嚥癱瘓殺輕劇暈驚厲熱燒懷見紅發語講話視兒嬰寶過沒無並覺現顯確斜邊側識醒叫"
    "腦塞風動減輸農藥煤產婦胎團塊頭臉脹顫癇傷殘結嚴體溫減",
    "难气压闷紧断脏呕咽瘫痪杀轻剧晕惊厉热烧怀见红发语讲话视儿婴宝过没无并觉现显确斜边侧识醒叫"
    "脑塞风动减输农药煤产妇胎团块头脸胀颤痫伤残结严体温减",
)
HAN: Final = "\u3400-\u9fff"
LINE_END: Final = re.compile(rf"(?<=[{HAN}])\s*\n\s*|\s*\n\s*(?=[{HAN}])")
SPACE_IN_CHINESE: Final = re.compile(rf"(?<=[{HAN}])[ ]+(?=[{HAN}])")

# Everyday complaints that stand in lists with warning words: "no fever, cough or chest pain".
COMPANIONS: Final = (
    "发热", "发烧", "咳嗽", "恶心", "呕吐", "头痛", "头晕", "腹痛", "腹泻", "心慌", "心悸", "胸闷",
    "气短", "气促", "乏力", "出汗", "fever", "cough", "nausea", "vomiting", "headache",
    "dizziness", "abdominal pain", "diarrhea", "diarrhoea", "palpitations", "sweating",
)  # fmt: skip
DENIAL: Final = re.compile(
    r"(?:没有|没|无|未见|未有|未|否认|不伴有|不伴|不是|并非|排除|不"
    r"|\b(?:no|not|without|denies|denied|deny|never|none of|nor|neither)|n't)$"
)
# "Is it or not", "have or have not", "not without": no denial after all.
NO_DENIAL: Final = re.compile(r"(?:不|非|是|有|会|能|\bnot)$")
FILLER: Final = re.compile(
    r"(?:明显|明确|出现|感到|感觉|觉得|任何|发生|有过|过|伴有|伴|再|会|有|什么"
    r"|\b(?:any|an?|the|have|has|had|having|been|feel|felt|feeling|signs? of|symptoms? of"
    r"|history of|evidence of|episodes? of|current|currently|recent|severe|acute|significant"
    r"|obvious|experienced?|experiencing))$"
)
DENIED_AFTER: Final = re.compile(
    r"\s*(?:[:=]\s*(?:没有|无|否|阴性|no|none|never|negative|denied)"
    r"|\(\s*(?:-|没有|无|否|阴性|no|none|negative)\s*\)|没有|无)(?=\s*(?:$|[,.;。!?、)]))"
)
JOINS: Final = re.compile(r"\s*(?:、|/|和|或者|或|以及|及|与|,?\s*\b(?:or|nor)\b)\s*")
LATE_JOINS: Final = re.compile(r"\s*(?:或者|或|,?\s*\b(?:or|nor)\b)\s*")
COMMA: Final = re.compile(r"\s*,\s*")
# "Not above 39", "has not reached 39", "below 39": no such temperature.
UP_TO: Final = re.compile(
    r"(?:超过|高过|高于|达到|到|达|过|体温|发烧|发热|高烧|高热|烧"
    r"|above|over|reach(?:ed)?|exceed(?:ed)?|more than|up to|of|fever|temperature)$"
)
BELOW: Final = re.compile(r"(?:低于|小于|<|below|under|less than)$")


def normalised(text: str) -> str:
    """Return the text in one form: half width, small letters, simplified signs, single blanks."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(SIMPLIFIED)
    plain = LINE_END.sub("。", plain.replace("’", "'"))
    return SPACE_IN_CHINESE.sub("", re.sub(r"\s+", " ", plain))


def stated(text: str, words: Iterable[str]) -> list[str]:
    """Return the words that the text states, each once, in the order of the text.

    A word that is a temperature, "39度", stands for it and all above, in any writing; of several
    the highest that is reached comes last.
    """
    forms = {normalised(word): word for word in words}
    limits = {form: limit for form in forms if (limit := temperature_of(form)) is not None}
    plain = normalised(text)
    found = _stated_words(plain, {form: forms[form] for form in forms.keys() - limits.keys()})
    reached = _reached(plain, limits) if limits else None
    return [*found, forms[reached]] if reached else found


def _reached(plain: str, limits: Mapping[str, Decimal]) -> str | None:
    """Return the form of the highest limit that a stated temperature reaches."""
    stated_ones = [value for value, before in temperatures(plain) if not _excludes(before)]
    hottest = max(stated_ones, default=None)
    reached = [form for form, limit in limits.items() if hottest and hottest >= limit]
    return max(reached, key=lambda form: limits[form], default=None)


def _excludes(before: str) -> bool:
    before = before.rstrip()
    if BELOW.search(before):
        return True
    while up_to := UP_TO.search(before):
        before = before[: up_to.start()].rstrip()
    return _denied_before(before)


def _stated_words(plain: str, forms: Mapping[str, str]) -> list[str]:
    if not forms:
        return []
    found = list(_pattern(tuple(sorted(forms))).finditer(plain))
    seen: dict[str, None] = {}
    is_denied = False
    for number, match in enumerate(found):
        carried = is_denied and _carries(plain, found, number)
        is_denied = carried or _denied_before(plain[: match.start()])
        denied = is_denied or DENIED_AFTER.match(plain, match.end()) is not None
        form = match[0] if match[0] in forms else match[0].rstrip("s")
        if form in forms and not denied:
            seen[forms[form]] = None
    return list(seen)


@lru_cache(maxsize=16)
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted({*forms, *COMPANIONS}, key=len, reverse=True)
    return re.compile("|".join(_one(form) for form in longest_first))


def _one(form: str) -> str:
    if re.search(rf"[{HAN}]", form):
        return re.escape(form)
    return rf"(?<!\w){re.escape(form)}s?(?!\w)"


def _denied_before(before: str) -> bool:
    before = before.rstrip()
    while filler := FILLER.search(before):
        before = before[: filler.start()].rstrip()
    denial = DENIAL.search(before)
    return denial is not None and NO_DENIAL.search(before[: denial.start()].rstrip()) is None


def _carries(plain: str, found: list[re.Match[str]], number: int) -> bool:
    """Say whether a denial before the last word holds for this one, too.

    A comma carries only in a list that ends with "or"; "and" and a full stop never.
    """
    if JOINS.fullmatch(_gap(plain, found, number)):
        return True
    for later in range(number, len(found)):
        gap = _gap(plain, found, later)
        if LATE_JOINS.fullmatch(gap):
            return True
        if not COMMA.fullmatch(gap):
            return False
    return False


def _gap(plain: str, found: list[re.Match[str]], number: int) -> str:
    return plain[found[number - 1].end() : found[number].start()]
