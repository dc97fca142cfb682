"""Notices: stored with what happened, shown on the socket, read in the reader's language."""

from uuid import uuid4

import pytest
from django.db import transaction

from clinic.notifications.enums import NoticeKind
from clinic.notifications.models import Notice
from clinic.notifications.sentences import TEMPLATES
from clinic.notifications.services import notify
from clinic.realtime.threads import in_thread
from tests.cast import Member
from tests.live import LiveServer, phone

URL = "/api/v1/notices"
ENGLISH = {"accept-language": "en"}


@pytest.mark.django_db
def test_a_notice_is_listed_in_the_reader_s_language(lin: Member) -> None:
    subject = uuid4()
    notify(
        user_id=lin.user.pk,
        kind=NoticeKind.REFUND_SUCCEEDED,
        params={"amount_fen": 5000},
        subject_kind="order",
        subject_public_id=subject,
    )

    row = lin.client.get(URL, headers=ENGLISH).json()["results"][0]

    assert (row["title"], row["body"]) == ("Refund arrived", "¥50.00 went back the way you paid.")
    assert (row["subject_kind"], row["subject_id"]) == ("order", str(subject))
    assert row["read_at"] is None


@pytest.mark.django_db
@pytest.mark.parametrize("kind", list(NoticeKind))
def test_every_kind_has_sentences_even_without_parameters(lin: Member, kind: NoticeKind) -> None:
    notify(user_id=lin.user.pk, kind=kind, params={})

    row = lin.client.get(URL, headers=ENGLISH).json()["results"][0]

    assert set(TEMPLATES) == set(NoticeKind)
    assert row["title"]
    assert "%(" not in row["body"]


@pytest.mark.django_db
def test_reading_one_and_all_moves_the_unread_count(lin: Member) -> None:
    for _ in range(3):
        notify(user_id=lin.user.pk, kind=NoticeKind.ORDER_PAID, params={})
    first = lin.client.get(URL).json()["results"][0]["id"]

    counts = [
        lin.client.get(f"{URL}/unread-count").json()["count"],
        lin.client.post(f"{URL}/{first}/read").json()["count"],
        lin.client.post(f"{URL}/{first}/read").json()["count"],
        lin.client.get(f"{URL}?unread=true").json()["count"],
        lin.client.post(f"{URL}/read-all").json()["count"],
        lin.client.get(f"{URL}/unread-count").json()["count"],
    ]

    assert counts == [3, 2, 2, 2, 0, 0]


@pytest.mark.django_db
def test_another_s_notice_is_not_found(lin: Member, ge: Member) -> None:
    notice = notify(user_id=lin.user.pk, kind=NoticeKind.ORDER_PAID, params={})

    assert ge.client.post(f"{URL}/{notice.public_id}/read").status_code == 404
    assert ge.client.post(f"{URL}/read-all").status_code == 200
    assert ge.client.get(URL).json()["results"] == []
    assert Notice.objects.get().read_at is None


@pytest.mark.django_db
def test_the_list_costs_the_same_however_long(
    lin: Member, django_assert_max_num_queries: object
) -> None:
    for size in (1, 10):
        for _ in range(size):
            notify(user_id=lin.user.pk, kind=NoticeKind.ORDER_PAID, params={})
        with django_assert_max_num_queries(3):  # type: ignore[operator]
            lin.client.get(URL)


def _paid_then(member: Member, *, fails: bool) -> None:
    try:
        with transaction.atomic():
            notify(user_id=member.user.pk, kind=NoticeKind.DOCTOR_ASSIGNED, params={"doctor": "Mo"})
            if fails:
                raise LookupError
    except LookupError:
        return


async def test_a_notice_shows_on_the_socket_when_it_is_committed_and_only_then(
    live_server_ws: LiveServer, lin: Member, ge: Member
) -> None:
    english = {"Accept-Language": "en"}
    async with (
        phone(live_server_ws, lin, additional_headers=english) as device,
        phone(live_server_ws, ge) as stranger,
    ):
        await in_thread(_paid_then, lin, fails=True)
        await in_thread(_paid_then, lin, fails=False)
        frame = await device.hear("notice")
        assert frame["body"] == "Doctor Mo will take care of you."
        assert frame["kind"] == "doctor_assigned"
        assert await device.silence() == []
        assert await stranger.silence() == []
