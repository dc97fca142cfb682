"""Phrases of the house for the demo's doctors. All of them are invented."""

from typing import Final

from clinic.phrases.enums import PhraseType
from clinic.phrases.models import Phrase

PHRASES: Final = (
    (PhraseType.GREETING, "您好，我是您的接诊医生，请先说说哪里不舒服。"),
    (PhraseType.GREETING, "请拍一张自然光下的舌苔照片发给我。"),
    (PhraseType.SYMPTOM, "睡眠浅，容易醒，醒后难以入睡。"),
    (PhraseType.SYMPTOM, "饭后腹胀，大便不成形。"),
    (PhraseType.HISTORY, "否认高血压、糖尿病史，否认药物过敏史。"),
    (PhraseType.DIAGNOSIS, "肝郁脾虚证"),
    (PhraseType.DIAGNOSIS, "心脾两虚证"),
    (PhraseType.TREATMENT, "疏肝健脾，理气和胃。"),
    (PhraseType.ADVICE, "服药期间忌生冷、辛辣和酒。"),
    (PhraseType.ADVICE, "每日一剂，水煎两次，早晚饭后半小时温服。"),
    (PhraseType.FOLLOW_UP, "服完七剂后请复诊，我们再看看要不要调方。"),
    (PhraseType.FOLLOW_UP, "如有不适请停药，并随时联系我。"),
)


def seed_phrases() -> None:
    """Store the phrases of the house, unless there are any: staff may have rewritten them."""
    if Phrase.objects.filter(doctor=None).exists():
        return
    Phrase.objects.bulk_create(
        Phrase(type=type_, text=text, order=number) for number, (type_, text) in enumerate(PHRASES)
    )
