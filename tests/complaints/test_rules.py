"""What the words of a conversation measure."""

from datetime import UTC, datetime, timedelta

import pytest

from clinic.complaints.enums import Deadline, Kind, Told
from clinic.complaints.rules import Line, Talk, due_alerts, measure, score
from clinic.settings import rules

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


def line(minutes: int, side: str, text: str) -> Line:
    """A message so many minutes after the start."""
    return Line(is_patient=side == "patient", at=START + timedelta(minutes=minutes), text=text)


def talk(minutes: int, *lines: Line) -> Talk:
    """What was written in a time that ended so many minutes after the start."""
    return Talk(lines=lines, until=START + timedelta(minutes=minutes))


def test_waits_run_from_the_oldest_unanswered_word() -> None:
    lines = [
        line(0, "patient", "胃痛三个月"),
        line(20, "patient", "在吗"),
        line(30, "doctor", "胃痛多在饭前还是饭后？"),
        line(40, "patient", "饭后加重"),
        line(340, "doctor", "好的"),
        line(350, "patient", "要吃药吗"),
    ]

    found = measure([talk(400, *lines)])

    assert found.first_reply == timedelta(minutes=30)
    assert found.longest_reply == timedelta(minutes=300)
    assert found.open_for == timedelta(minutes=50)
    assert (found.reply_count, found.reply_chars, found.short_replies) == (2, 13, 1)
    assert found.on_topic_percent == 50
    assert found.supports(Kind.LATE) is True
    assert found.supports(Kind.TOO_SHORT) is True
    assert found.supports(Kind.ATTITUDE) is None


@pytest.mark.parametrize(
    ("reply", "percent"),
    [("您的胃痛需要复查", 100), ("今天天气不错", 0), ("try omeprazole", 100), ("", None)],
)
def test_a_reply_is_on_topic_when_it_takes_up_a_word(reply: str, percent: int | None) -> None:
    lines = [line(0, "patient", "胃痛，吃过 Omeprazole"), line(5, "doctor", reply)]

    assert measure([talk(5, *lines)]).on_topic_percent == percent


def test_silence_measures_nothing_but_the_wait() -> None:
    found = measure([talk(300, line(0, "patient", "在吗"))])

    assert (found.first_reply, found.open_for) == (None, timedelta(hours=5))
    assert found.supports(Kind.LATE) is True
    assert found.supports(Kind.OFF_TOPIC) is None
    assert measure([talk(0)]).supports(Kind.LATE) is None


def test_times_of_one_doctor_are_measured_each_by_itself() -> None:
    found = measure(
        [
            talk(
                60,
                line(0, "patient", "在吗"),
                line(10, "doctor", "在"),
                line(20, "patient", "胃痛"),
            ),
            talk(500, line(480, "patient", "还在吗"), line(485, "doctor", "在")),
        ]
    )

    assert (found.first_reply, found.longest_reply) == (timedelta(minutes=10),) * 2
    assert (found.open_for, found.reply_count) == (timedelta(minutes=40), 2)


def test_the_handler_is_warned_ahead_and_the_supervisors_last() -> None:
    later = START + rules.COMPLAINT_SUPERVISOR_AFTER
    told = {"answer_by": START, "close_by": START + timedelta(days=6)}

    soon = START - rules.COMPLAINT_ANSWER_SOON
    missed = [(Deadline.ANSWER, Told.HANDLER), (Deadline.ANSWER, Told.PATIENT)]

    assert due_alerts(now=soon - timedelta(seconds=1), **told) == []
    assert due_alerts(now=soon, **told) == [(Deadline.ANSWER, Told.AHEAD)]
    assert due_alerts(now=START, **told) == missed
    assert due_alerts(now=later, **told) == [*missed, (Deadline.ANSWER, Told.SUPERVISOR)]
    assert due_alerts(now=later, answer_by=None, close_by=later + timedelta(hours=23)) == [
        (Deadline.CLOSE, Told.AHEAD)
    ]


def test_the_score_never_falls_below_zero() -> None:
    assert (score([]), score([3, 5]), score([12] * 10)) == (100, 92, 0)
