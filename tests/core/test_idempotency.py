"""The same request twice has the effect and the answer of one."""

import pytest

from clinic.core.errors import IdempotencyKeyRequiredError, IdempotencyKeyReusedError
from clinic.core.idempotency import Answer, once
from clinic.core.models import IdempotencyRecord

pytestmark = pytest.mark.django_db


def _do(key: str | None, request: bytes, calls: list[int]) -> Answer:
    def work() -> Answer:
        calls.append(1)
        return Answer(201, {"n": len(calls)})

    return once(user_id=1, operation="POST /x", key=key, request=request, work=work)


def test_a_repeat_gets_the_first_answer_without_a_second_effect() -> None:
    calls: list[int] = []

    first = _do("k", b"{}", calls)
    second = _do("k", b"{}", calls)

    assert (first.body, second.body, second.replayed) == ({"n": 1}, {"n": 1}, True)
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
