"""The same request twice has the effect and the answer of one."""

from collections.abc import Callable
from threading import Barrier

import pytest

from clinic.core import idempotency
from clinic.core.clock import now
from clinic.core.errors import (
    ConflictError,
    IdempotencyInProgressError,
    IdempotencyKeyRequiredError,
    IdempotencyKeyReusedError,
)
from clinic.core.idempotency import Answer, once, once_across_calls
from clinic.core.models import IdempotencyRecord
from clinic.core.statements import Statement
from tests.doctors.rivals import together

pytestmark = pytest.mark.django_db


def _do(key: str | None, request: bytes, calls: list[int]) -> Answer:
    def work() -> Answer:
        calls.append(1)
        return Answer(201, b'{"n": %d}' % len(calls))

    return once(user_id=1, operation="POST /x", key=key, request=request, work=work)


def test_a_repeat_gets_the_first_answer_without_a_second_effect() -> None:
    calls: list[int] = []

    first = _do("k", b"{}", calls)
    second = _do("k", b"{}", calls)

    assert (first.content, second.content, second.replayed) == (b'{"n": 1}', b'{"n": 1}', True)
    assert len(calls) == 1


def test_the_same_key_with_another_body_is_refused() -> None:
    calls: list[int] = []
    _do("k", b"{}", calls)

    with pytest.raises(IdempotencyKeyReusedError):
        _do("k", b'{"a":1}', calls)


@pytest.mark.parametrize("key", [None, "", "x" * 256, "键", "a\nb"])
def test_a_missing_or_unusable_key_is_refused(key: str | None) -> None:
    with pytest.raises(IdempotencyKeyRequiredError):
        _do(key, b"{}", [])


def test_failed_work_leaves_no_record_and_may_be_repeated() -> None:
    def work() -> Answer:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        once(user_id=1, operation="POST /x", key="k", request=b"", work=work)

    assert not IdempotencyRecord.objects.exists()


@pytest.mark.parametrize("body", [b"", b'{"name": "\xe9\xa6\x99"}'])
def test_a_replay_has_the_status_and_the_body_of_the_first(body: bytes) -> None:
    asked = {"user_id": 1, "operation": "POST /x", "key": "k", "request": b"{}"}

    for run_once in (once, once_across_calls):
        IdempotencyRecord.objects.all().delete()
        first = run_once(**asked, work=lambda: Answer(204, body))  # type: ignore[arg-type]
        again = run_once(**asked, work=lambda: Answer(500, b"never"))  # type: ignore[arg-type]

        assert (first.status, first.content, first.replayed) == (204, body, False)
        assert (again.status, again.content, again.replayed) == (204, body, True)


def test_who_lost_his_key_to_a_later_one_leaves_its_answer_alone() -> None:
    asked = {"user_id": 1, "operation": "POST /x", "key": "k", "request": b"{}"}
    later: list[Answer] = []

    def slow() -> Answer:
        long_ago = now() - 2 * idempotency.TAKE_OVER_AFTER
        IdempotencyRecord.objects.update(created_at=long_ago)
        later.append(once_across_calls(**asked, work=lambda: Answer(201, b"{}")))  # type: ignore[arg-type]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        once_across_calls(**asked, work=slow)  # type: ignore[arg-type]
    again = once_across_calls(**asked, work=lambda: Answer(500, b"never"))  # type: ignore[arg-type]

    assert (later[0].status, again.status, again.replayed) == (201, 201, True)


def _told(work: Callable[[], Answer], refused: Callable[[], object] = lambda: None) -> list[str]:
    """Send two requests with one key at the same moment; return what each was told."""

    def ask(_number: int) -> str:
        try:
            return str(once(user_id=1, operation="POST /x", key="k", request=b"", work=work).status)
        except ConflictError as error:
            refused()
            return error.code

    return sorted(together(2, ask))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_repeat_learns_at_once_that_the_first_still_runs() -> None:
    both = Barrier(2)

    def work() -> Answer:
        both.wait(timeout=10)  # until the other one was refused
        return Answer(201, b"{}")

    assert _told(work, lambda: both.wait(timeout=10)) == ["201", IdempotencyInProgressError.code]
    assert IdempotencyRecord.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_work_and_one_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    open_door = "SELECT set_config('clinic.has_key', (%s IS NOT NULL)::text, true)"
    monkeypatch.setattr(idempotency, "LOCK", Statement("test_no_lock", ("bigint",), open_door))
    both, tries = Barrier(2), []

    def work() -> Answer:
        tries.append(both.wait(timeout=10))
        return Answer(201, b"{}")

    assert _told(work) == ["201", IdempotencyInProgressError.code]
    assert (len(tries), IdempotencyRecord.objects.count()) == (2, 1)
