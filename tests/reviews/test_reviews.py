"""One review per care, its day of editing, its one answer, and the doctor's average."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from clinic.core.actor import system_actor
from clinic.core.clock import now
from clinic.core.models import AuditEntry
from clinic.reviews.enums import TargetKind
from clinic.reviews.errors import AlreadyReviewedError
from clinic.reviews.models import Review
from clinic.reviews.selectors import statistics_about
from clinic.reviews.services.reviews import post_review
from clinic.reviews.services.visibility import hide_review, show_review
from clinic.settings import rules
from tests.cast import Member, make_member
from tests.doctors_cast import DoctorMember

pytestmark = pytest.mark.django_db


def write(author: Member, about: DoctorMember, stars: int = 5, **said: Any) -> Review:
    return post_review(
        author=author.actor,
        target_kind=TargetKind.CONSULTATION,
        target_public_id=said.pop("target", uuid.uuid4()),
        about_user_id=about.user.pk,
        stars=stars,
        tags=said.get("tags", ["kind", "kind", "clear_answer"]),
        text=said.get("text", "沈医生很耐心"),
    )


def url(review: Review, tail: str = "") -> str:
    return f"/api/v1/reviews/{review.public_id}{tail}"


def listed(client: APIClient, doctor: DoctorMember) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/doctors/{doctor.doctor.public_id}/reviews")
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def test_a_review_is_read_by_everybody_without_the_authors_name(
    anonymous: APIClient, lin: Member, shen: DoctorMember
) -> None:
    review = write(lin, shen)

    shown = anonymous.get(url(review)).json()

    assert (shown["author"], shown["stars"], shown["tags"]) == ("林**", 5, ["clear_answer", "kind"])
    assert listed(anonymous, shen) == [shown]
    assert "小月" not in str(shown)


def test_the_same_care_is_reviewed_once(lin: Member, ge: Member, shen: DoctorMember) -> None:
    target = uuid.uuid4()
    write(lin, shen, target=target)
    write(ge, shen, target=target)

    with pytest.raises(AlreadyReviewedError):
        write(lin, shen, target=target)

    assert Review.objects.count() == 2


def test_reviews_move_the_doctors_average(
    anonymous: APIClient, lin: Member, shen: DoctorMember, run_events: Callable[[], int]
) -> None:
    for stars in (5, 5, 3):
        write(lin, shen, stars)
    run_events()

    shown = anonymous.get(f"/api/v1/doctors/{shen.doctor.public_id}").json()

    assert (shown["rating_average"], shown["rating_count"]) == ("4.33", 3)
    assert shown["rating"] == {
        "average": "4.33", "count": 3, "by_star": {"1": 0, "2": 0, "3": 1, "4": 0, "5": 2},
    }  # fmt: skip


def test_hidden_reviews_are_seen_by_their_author_and_staff_alone_and_not_counted(
    anonymous: APIClient, lin: Member, ge: Member, bao: Member, shen: DoctorMember,
    run_events: Callable[[], int],
) -> None:  # fmt: skip
    review = write(lin, shen, 1)
    hide_review(review_id=review.pk, reason="insult", by=bao.actor)
    hide_review(review_id=review.pk, reason="insult", by=bao.actor)
    run_events()

    statuses = [one.get(url(review)).status_code for one in (anonymous, ge.client)]
    shen.doctor.refresh_from_db()
    assert statuses == [404, 404]
    assert [lin.client.get(url(review)).status_code, bao.client.get(url(review)).status_code] == [
        200, 200,
    ]  # fmt: skip
    assert listed(anonymous, shen) == []
    assert shen.doctor.rating_count == 0
    assert AuditEntry.objects.filter(verb="hide").count() == 1

    show_review(review_id=review.pk, by=system_actor("test"))
    run_events()
    shen.doctor.refresh_from_db()
    assert (shen.doctor.rating_average, shen.doctor.rating_count) == (Decimal(1), 1)


def test_the_author_edits_within_a_day(
    lin: Member, shen: DoctorMember, run_events: Callable[[], int]
) -> None:
    review = write(lin, shen)
    changed = {"stars": 2, "tags": ["slow_reply"], "text": "回复慢"}

    answer = lin.client.patch(url(review), changed, format="json")
    run_events()

    assert {name: answer.json()[name] for name in changed} == changed
    shen.doctor.refresh_from_db()
    assert shen.doctor.rating_average == 2


def test_after_a_day_the_review_stands(lin: Member, shen: DoctorMember) -> None:
    review = write(lin, shen)
    old = now() - rules.REVIEW_EDIT_WITHIN - timedelta(seconds=1)
    Review.objects.update(created_at=old)

    answer = lin.client.patch(url(review), {"stars": 1}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (409, "review_too_old")


def test_nobody_else_edits(
    anonymous: APIClient, ge: Member, shen: DoctorMember, lin: Member
) -> None:
    review = write(lin, shen)

    statuses = [
        client.patch(url(review), {"stars": 1}, format="json").status_code
        for client in (anonymous, ge.client, shen.client)
    ]

    assert statuses == [401, 404, 403]


def test_the_doctor_answers_once(anonymous: APIClient, lin: Member, shen: DoctorMember) -> None:
    review = write(lin, shen)

    first = shen.client.post(url(review, "/reply"), {"text": "谢谢您"}, format="json")
    second = shen.client.post(url(review, "/reply"), {"text": "再谢"}, format="json")

    assert (first.status_code, first.json()["reply"]) == (201, "谢谢您")
    assert (second.status_code, second.json()["code"]) == (409, "already_replied")
    assert anonymous.get(url(review)).json()["reply"] == "谢谢您"


def test_nobody_else_answers(
    anonymous: APIClient, lin: Member, shen: DoctorMember, wu: DoctorMember
) -> None:
    review = write(lin, shen)

    statuses = [
        client.post(url(review, "/reply"), {"text": "x"}, format="json").status_code
        for client in (anonymous, lin.client, wu.client)
    ]

    assert statuses == [401, 403, 404]


@pytest.mark.parametrize(
    "body",
    [
        {}, {"stars": 0}, {"stars": 6}, {"stars": "many"}, {"stars": 10**19}, {"stars": None},
        {"stars": 5, "tags": ["god"]}, {"stars": 5, "tags": "kind"}, {"stars": 5, "tags": [None]},
        {"stars": 5, "tags": ["kind"] * 7}, {"stars": 5, "text": "x" * 501}, [], "x",
        {"stars": 5, "text": {"a": 1}}, {"stars": 5, "text": None},
    ],
)  # fmt: skip
def test_wrong_reviews_are_a_400(lin: Member, shen: DoctorMember, body: Any) -> None:
    assert lin.client.patch(url(write(lin, shen)), body, format="json").status_code == 400


@pytest.mark.parametrize("text", ["", "   ", "x" * 501, None, 5.5e300, {"a": 1}, ["x"]])
def test_wrong_answers_are_a_400_or_plain_text(lin: Member, shen: DoctorMember, text: Any) -> None:
    answer = shen.client.post(url(write(lin, shen), "/reply"), {"text": text}, format="json")

    assert answer.status_code == (201 if isinstance(text, float) else 400)


def test_the_database_keeps_stars_between_one_and_five(lin: Member, shen: DoctorMember) -> None:
    review = write(lin, shen)

    for stars in (0, 6):
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(stars=stars)


def test_the_list_costs_the_same_queries_for_one_and_for_many(
    anonymous: APIClient, lin: Member, shen: DoctorMember
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            listed(anonymous, shen)
        return len(seen)

    write(lin, shen)
    with_one = queries()
    for number in range(15):
        write(make_member(f"客{number}"), shen)

    assert queries() == with_one == 2
    assert statistics_about(shen.user.pk).count == 16


def test_unknown_reviews_are_not_found(anonymous: APIClient) -> None:
    assert anonymous.get(f"/api/v1/reviews/{uuid.uuid4()}").status_code == 404
    assert anonymous.get("/api/v1/reviews/1").status_code == 404
