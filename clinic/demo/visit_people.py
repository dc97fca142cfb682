"""What the demo's clinics offer and who works when. All of it is invented."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

WORKDAYS: Final = range(6)  # the clinics rest on Sundays
BRANCH_HOURS: Final = ((510, 1170),)  # 8:30-19:30
MORNING, AFTERNOON, EVENING = (510, 720), (810, 1050), (1080, 1260)


@dataclass(frozen=True, slots=True)
class Shift:
    """When a doctor sees people at his branch and online, by weekday, in minutes."""

    doctor: str
    at_branch: dict[int, tuple[tuple[int, int], ...]]
    online: dict[int, tuple[tuple[int, int], ...]]


def _every(days: Any, *spans: tuple[int, int]) -> dict[int, tuple[tuple[int, int], ...]]:
    return dict.fromkeys(days, spans)


SHIFTS: Final = (
    Shift("沈一鸣", _every(range(5), MORNING, AFTERNOON), _every((1, 3), EVENING)),
    Shift("吴清如", _every((1, 4), MORNING), {}),
    Shift("陆思齐", _every((0, 2, 4), MORNING, AFTERNOON), _every((5,), MORNING)),
    Shift("周雅文", _every((1, 3, 5), MORNING, AFTERNOON), _every((0,), EVENING)),
    Shift("郑伯安", _every(WORKDAYS, MORNING, AFTERNOON), {}),
    Shift("唐果", _every((2, 3, 4, 5), AFTERNOON), {}),
    Shift("叶知秋", _every((0, 1, 4), AFTERNOON), _every((2,), EVENING)),
    Shift("贺长青", _every(range(5), MORNING), _every((4,), EVENING)),
)


@dataclass(frozen=True, slots=True)
class DemoType:
    """One service; ``doctors`` empty means all of them, ``share`` is how full the week gets."""

    code: str
    doctors: tuple[str, ...]
    share: float
    values: dict[str, Any]


TYPES: Final = (
    DemoType(
        "first-visit", (), 0.2,
        {
            "name_zh": "中医初诊", "name_en": "First visit", "duration_minutes": 30,
            "position": 10,
            "description_zh": "望闻问切，首次就诊请带以往病历。",
            "description_en": "A first examination by the four methods; bring former records.",
        },
    ),
    DemoType(
        "constitution", (), 0.0,
        {
            "name_zh": "体质调理", "name_en": "Constitution and diet", "duration_minutes": 60,
            "position": 15,
            "description_zh": "辨体质，定调养方案，约一小时。",
            "description_en": "Your constitution and what to eat and do; about an hour.",
        },
    ),
    DemoType(
        "acupuncture", ("郑伯安",), 0.5,
        {
            "name_zh": "针灸理疗", "name_en": "Acupuncture", "duration_minutes": 45,
            "step_minutes": 15, "buffer_after_minutes": 15, "needs_acceptance": False,
            "position": 20,
            "description_zh": "请穿宽松衣服，空腹或过饱时不宜针灸。",
            "description_en": "Wear loose clothes; come neither hungry nor right after a meal.",
        },
    ),
    DemoType(
        "expert", ("吴清如",), 1.0,
        {
            "name_zh": "名医门诊", "name_en": "Chief physician", "duration_minutes": 30,
            "needs_acceptance": False, "max_advance": timedelta(days=14), "position": 30,
            "waiting_timeout": timedelta(days=7),
            "description_zh": "每周两个上午出诊，号满可候补。",
            "description_en": "Two mornings a week; with no place left you can wait for one.",
        },
    ),
    DemoType(
        "qigong-class", ("贺长青",), 0.3,
        {
            "name_zh": "八段锦小班", "name_en": "Ba duan jin class", "duration_minutes": 60,
            "step_minutes": 60, "capacity": 8, "needs_acceptance": False, "position": 40,
            "description_zh": "八人小班，动作和缓，适合初学者。",
            "description_en": "Gentle movements in a class of eight; fit for beginners.",
        },
    ),
    DemoType(
        "video-visit", (), 0.0,
        {
            "name_zh": "视频复诊", "name_en": "Video visit", "mode": "video",
            "duration_minutes": 20, "step_minutes": 20, "price_fen": 6900, "position": 50,
            "description_zh": "适合复诊和调方，首次就诊请到店。",
            "description_en": "For return visits and changes of a formula; come in person first.",
        },
    ),
)  # fmt: skip
VISITORS: Final = 16
FIRST_VISITOR_PHONE: Final = 13710000001
WISHES: Final = (
    "",
    "",
    "第一次来，请帮忙看看舌苔。",
    "带着孩子，想靠近中午。",
    "复诊，带了上次的方子。",
)
DAYS_BEHIND, DAYS_AHEAD = 7, 7
