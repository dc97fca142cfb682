"""Pure rules: deadlines, what the words of a conversation measure, the score of a doctor."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from clinic.complaints.enums import Deadline, Kind, Told
from clinic.settings import rules

MISSED: Final[Mapping[Told, timedelta]] = {
    Told.HANDLER: timedelta(),
    Told.PATIENT: timedelta(),
    Told.SUPERVISOR: rules.COMPLAINT_SUPERVISOR_AFTER,
}
# Who hears how long after a deadline; below zero before it, and then only as long as it is ahead.
HEARD_AFTER: Final[Mapping[Deadline, Mapping[Told, timedelta]]] = {
    Deadline.ANSWER: {Told.AHEAD: -rules.COMPLAINT_ANSWER_SOON, **MISSED},
    Deadline.CLOSE: {Told.AHEAD: -rules.COMPLAINT_CLOSE_SOON, **MISSED},
}
_WORD = re.compile(r"[a-z0-9]{3,}", re.ASCII)
_HAN = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One message: who, when, and its words (empty for pictures and voice)."""

    is_patient: bool
    at: datetime
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """What was written, oldest first, while a doctor had a case, and until when he had it."""

    lines: Sequence[Line]
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Measures:
    """What the messages of a conversation say about the replies in it.

    Delays run from the oldest unanswered word of the patient to the next reply; ``open_for`` is how
    long a word waited that got none, the longest of all talks. ``on_topic_percent`` is the share of
    written replies that take up a word of the patient's; None when there is nothing to compare.
    """

    first_reply: timedelta | None
    longest_reply: timedelta | None
    open_for: timedelta | None
    reply_count: int
    reply_chars: int
    short_replies: int
    on_topic_percent: int | None

    def supports(self, kind: str) -> bool | None:
        """Say whether the figures bear a complaint of this kind out; None when they cannot tell."""
        if kind == Kind.LATE:
            waits = [wait for wait in (self.longest_reply, self.open_for) if wait is not None]
            return max(waits) > rules.QUALITY_REPLY_LATE_AFTER if waits else None
        if kind == Kind.TOO_SHORT:
            return self.reply_chars < rules.QUALITY_REPLIES_MIN_CHARS
        if kind == Kind.OFF_TOPIC and self.on_topic_percent is not None:
            return self.on_topic_percent < rules.QUALITY_ON_TOPIC_MIN_PERCENT
        return None


def measure(talks: Sequence[Talk], *, asked: str = "") -> Measures:
    """Return the measures of a doctor's talks; ``asked`` is what the patient told beforehand."""
    waits: list[timedelta] = []
    silences: list[timedelta] = []
    for talk in talks:
        waited, silence = _waits(talk)
        waits += waited
        silences += [silence] if silence is not None else []
    lines = [line for talk in talks for line in talk.lines]
    replies = [line.text for line in lines if not line.is_patient]
    return Measures(
        first_reply=waits[0] if waits else None,
        longest_reply=max(waits, default=None),
        open_for=max(silences, default=None),
        reply_count=len(replies),
        reply_chars=sum(len(text) for text in replies),
        short_replies=sum(len(text) < rules.QUALITY_REPLY_SHORT_CHARS for text in replies),
        on_topic_percent=_on_topic(replies, [asked, *(x.text for x in lines if x.is_patient)]),
    )


def _waits(talk: Talk) -> tuple[list[timedelta], timedelta | None]:
    """Return the waits that ended with a reply, in order, and the one that did not."""
    waits, waiting_since = [], None
    for line in talk.lines:
        if line.is_patient:
            waiting_since = waiting_since or line.at
        elif waiting_since is not None:
            waits.append(line.at - waiting_since)
            waiting_since = None
    return waits, talk.until - waiting_since if waiting_since else None


def _on_topic(replies: Iterable[str], told: Iterable[str]) -> int | None:
    words = set().union(*(_words(text) for text in told))
    written = [found for text in replies if (found := _words(text))]
    if not words or not written:
        return None
    return round(100 * sum(bool(found & words) for found in written) / len(written))


def _words(text: str) -> set[str]:
    """Return words of Latin letters and pairs of Chinese characters."""
    pairs = {run[i : i + 2] for run in _HAN.findall(text) for i in range(len(run) - 1)}
    return pairs | set(_WORD.findall(text.lower()))


def score(points: Iterable[int]) -> int:
    """Return a doctor's quality: the full mark less the points in the window, never below zero."""
    return max(0, rules.QUALITY_FULL_SCORE - sum(points))


def due_alerts(
    *, answer_by: datetime | None, close_by: datetime, now: datetime
) -> list[tuple[Deadline, Told]]:
    """Return who should have heard of which promise by now; nobody is told ahead of a late one."""
    return [
        (deadline, told)
        for deadline, by in ((Deadline.ANSWER, answer_by), (Deadline.CLOSE, close_by))
        if by is not None
        for told, after in HEARD_AFTER[deadline].items()
        if by + after <= now and (told != Told.AHEAD or now < by)
    ]
