"""What patients of the demo were treated for online, and how it went. All of it is invented."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Final

from consultations.enums import IntakeUse


class Course(Enum):
    """How far a case went."""

    COMPLETED = auto()  # with a signed record and a review
    FOLLOWED_UP = auto()  # and with a plan of follow-ups
    HELD = auto()  # runs, and stands still until results are there
    TRANSFERRED = auto()  # runs with a colleague
    REFERRED = auto()  # sent to a hospital for a warning word


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoCase:
    """One case: whose by phone, with whom, what the intake tells, what the doctor found."""

    phone: str
    doctor: str
    course: Course
    complaint: str
    intake: Mapping[str, Any]
    photos: tuple[IntakeUse, ...] = ()
    reply: str = ""
    colleague: str = ""
    record: Mapping[str, Any] = field(default_factory=dict)
    stars: int = 5
    review: str = ""


def _answers(**told: str) -> dict[str, dict[str, Any]]:
    """Return answers to the ten questions: choices parted by blanks."""
    return {key: {"choices": choices.split(), "text": ""} for key, choices in told.items()}


def _diagnoses(**codes: str) -> list[dict[str, str]]:
    return [{"system": system, "code": code} for system, code in codes.items()]


SLEEP: Final = _answers(
    cold_heat="chilly", sweat="by_night", head_body="tired dizzy", stool_urine="loose",
    appetite="poor no_taste", chest_abdomen="normal", ears_eyes="normal", thirst="hot_drinks",
    past_illness="none", cause="strain mood", sleep="falls_asleep_late many_dreams",
)  # fmt: skip
DIZZY: Final = _answers(
    cold_heat="hot_palms", head_body="dizzy headache", appetite="bitter", thirst="cold_drinks",
    past_illness="blood_pressure", cause="mood", sleep="wakes_easily",
)  # fmt: skip
CASES: Final = (
    DemoCase(
        phone="13700000001",
        doctor="沈一鸣",
        course=Course.COMPLETED,
        complaint="失眠三个月，入睡困难，多梦，白天乏力，想继续调理。",
        intake={
            "duration_value": 3, "duration_unit": "month", "allergy": "none", "pregnancy": "no",
            "ten_questions": SLEEP, "earlier_diagnosis": "外院诊断：睡眠障碍，曾服归脾丸。",
        },
        photos=(IntakeUse.TONGUE, IntakeUse.FACE),
        reply="看了您的舌象，舌淡苔白，有齿痕。我们按心脾两虚调理。",
        record={
            "tongue": "舌淡，苔薄白，边有齿痕", "pulse": "网络问诊，未诊脉",
            "principle": "补益心脾，养血安神",
            "diagnosis": "不寐（心脾两虚证）", "advice": "规律作息，睡前少看手机，两周后复诊。",
            "diagnoses": _diagnoses(tcm_disease="D04", tcm_pattern="P04", icd10="G47.0"),
        },
        review="医生很耐心，讲得清楚。",
    ),
    DemoCase(
        phone="13700000002",
        doctor="贺长青",
        course=Course.FOLLOWED_UP,
        complaint="头晕反复两个月，血压偏高，复诊想调整方案。",
        intake={
            "duration_value": 2, "duration_unit": "month", "allergy": "known",
            "allergies": "青霉素", "drugs": "氨氯地平 5mg 每日一次", "ten_questions": DIZZY,
            "earlier_diagnosis": "社区医院诊断：高血压 1 级。",
        },
        photos=(IntakeUse.TONGUE, IntakeUse.EARLIER),
        reply="血压记录我看到了，先按平肝潜阳来，降压药不要停。",
        record={
            "allergies": "青霉素过敏", "tongue": "舌红，苔薄黄", "principle": "平肝潜阳",
            "diagnosis": "眩晕（肝阳上亢证）",
            "advice": "低盐饮食，每日早晚量血压并记录；如有胸痛、肢体无力立即急诊。",
            "diagnoses": _diagnoses(tcm_disease="D05", tcm_pattern="P05", icd10="R42"),
        },
        stars=4,
        review="回复快，建议具体。",
    ),
    DemoCase(
        phone="13710000001",
        doctor="叶知秋",
        course=Course.HELD,
        complaint="手背湿疹反复半年，最近又起红疹，很痒。",
        intake={
            "duration_value": 6, "duration_unit": "month", "allergy": "unknown",
            "ten_questions": _answers(stool_urine="sticky", thirst="no_drinking"),
            "earlier_diagnosis": "皮肤科诊断：湿疹。",
        },
        photos=(IntakeUse.TONGUE, IntakeUse.FACE),
        reply="先不要热水烫洗，血常规结果出来后发给我。",
    ),
    DemoCase(
        phone="13710000002",
        doctor="叶知秋",
        course=Course.TRANSFERRED,
        colleague="贺长青",
        complaint="脸上长痘，又常头晕，血压有点高，复诊。",
        intake={
            "duration_value": 1, "duration_unit": "month", "allergy": "none",
            "ten_questions": DIZZY, "earlier_diagnosis": "痤疮，外用药三周。",
        },
        reply="皮肤的问题不大，头晕请贺医生一起看。",
    ),
    DemoCase(
        phone="13710000003",
        doctor="贺长青",
        course=Course.REFERRED,
        complaint="今天早上开始胸痛，出冷汗，以前有高血压。",
        intake={
            "duration_value": 3, "duration_unit": "hour", "allergy": "none",
            "ten_questions": _answers(sweat="head", past_illness="blood_pressure heart"),
            "earlier_diagnosis": "高血压。",
        },
    ),
)  # fmt: skip
