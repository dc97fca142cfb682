"""The console tells in words what jobs do and what the audit log holds: each has a word."""

from collections.abc import Iterator, Mapping

from django.conf import settings
from django.utils import translation

from clinic.core.audit_words import ACTS, KINDS
from clinic.core.events import EVENT_TYPES
from clinic.core.fact_words import FACTS
from clinic.core.job_words import JOBS
from clinic.core.openings import kinds_in_words
from tests.architecture.audit_calls import Call, audit_calls

# Kinds of these come from models and from openings, which carry their own names.
OPEN = {"clinic.core.screens.save_model", "clinic.core.openings._note"}


def test_every_job_has_a_word_in_chinese() -> None:
    assert set(settings.CELERY_BEAT_SCHEDULE) == set(JOBS)
    assert list(_english(JOBS)) == []


def test_every_fact_of_the_outbox_has_a_word_in_chinese() -> None:
    known = {name for name, kind in EVENT_TYPES.items() if not kind.__module__.startswith("tests.")}

    assert sorted(known) == sorted(FACTS)
    assert list(_english(FACTS)) == []


def test_every_act_of_the_audit_log_has_a_word_in_chinese() -> None:
    calls = list(audit_calls())
    acts = {verb.rpartition(".")[2] for call in calls for verb in call.verbs}

    assert len(calls) > 100
    assert sorted(acts - set(ACTS)) == []
    assert list(_english(ACTS)) == []


def test_every_kind_of_thing_in_the_audit_log_has_a_word_in_chinese() -> None:
    known = set(KINDS) | set(kinds_in_words())
    calls = list(audit_calls())

    assert sorted({kind for call in calls for kind in _kinds(call)} - known) == []
    assert list(_english(KINDS)) == []


def test_what_the_code_writes_into_the_audit_log_can_be_read_from_it() -> None:
    unknown = {call.place for call in audit_calls() if not (call.verbs and call.kinds)}

    assert unknown == OPEN


def _kinds(call: Call) -> Iterator[str]:
    yield from call.kinds
    yield from {verb.rpartition(".")[0] for verb in call.verbs if "." in verb}


def _english(words: Mapping[str, object]) -> Iterator[str]:
    with translation.override("zh-hans"):
        yield from (name for name, word in words.items() if str(word).isascii())
