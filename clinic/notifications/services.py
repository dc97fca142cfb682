"""Telling people things and noting that they have seen them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.functional import lazy

from clinic.accounts.models import User
from clinic.core.clock import now
from clinic.notifications import sentences
from clinic.notifications.enums import NoticeKind
from clinic.notifications.models import Notice
from clinic.notifications.selectors import notices_of
from clinic.realtime.push import push_on_commit

_lazy_title = lazy(sentences.title, str)
_lazy_body = lazy(sentences.body, str)


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """What one person should know; ``public_id`` is that of his account."""

    user_id: int
    public_id: UUID
    kind: NoticeKind
    params: dict[str, Any] = field(default_factory=dict)


def notify(
    *,
    user_id: int,
    kind: NoticeKind,
    params: dict[str, Any],
    subject_kind: str = "",
    subject_public_id: UUID | None = None,
) -> Notice:
    """Store a notice in the caller's transaction and show it on the person's sockets on commit.

    ``params`` take what the sentence of the kind names: doctor, count, stars, amount_fen, code,
    place, was_paid, and moments as RFC 3339 text (starts_at, until_at, nearest_at).
    """
    public_id = User.objects.values_list("public_id", flat=True).get(pk=user_id)
    news = News(user_id=user_id, public_id=public_id, kind=kind, params=params)
    (notice,) = notify_each([news], subject_kind=subject_kind, subject_public_id=subject_public_id)
    return notice


def notify_each(
    news: Sequence[News], *, subject_kind: str = "", subject_public_id: UUID | None = None
) -> list[Notice]:
    """Tell several people about one subject like ``notify``; one insert stores all notices."""
    notices = Notice.objects.bulk_create(
        Notice(
            user_id=one.user_id,
            kind=one.kind,
            params=one.params,
            subject_kind=subject_kind,
            subject_public_id=subject_public_id,
        )
        for one in news
    )
    for one, notice in zip(news, notices, strict=True):
        push_on_commit([one.public_id], notice_frame(notice))
    return notices


def notice_frame(notice: Notice) -> dict[str, Any]:
    """Return the frame of a notice; its sentences are lazy."""
    return {
        "t": "notice",
        "notice_id": notice.public_id,
        "kind": notice.kind,
        "title": _lazy_title(notice.kind),
        "body": _lazy_body(notice.kind, notice.params),
        "subject_kind": notice.subject_kind,
        "subject_id": notice.subject_public_id,
        "at": notice.created_at,
    }


def mark_read(*, user_id: int, public_id: UUID) -> bool:
    """Note that the person has seen one notice; says whether it is his."""
    mine = notices_of(user_id).filter(public_id=public_id)
    mine.filter(read_at=None).update(read_at=now())
    return mine.exists()


def mark_all_read(*, user_id: int) -> int:
    """Note that the person has seen everything; returns how many were new."""
    return notices_of(user_id).filter(read_at=None).update(read_at=now())
