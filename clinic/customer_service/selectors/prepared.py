"""Canned replies, macros and tags, as an agent finds them."""

from typing import Final

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from clinic.customer_service.models import CannedReply, Macro, Tag, Team
from clinic.customer_service.selectors.seats import Seat
from clinic.settings import rules

SHORTCUT_MARK: Final = "/"


def canned_for(seat: Seat) -> QuerySet[CannedReply]:
    """Return the replies an agent may use: his own, those of his teams, those for everybody."""
    reach = Q(owner=seat.agent.pk) | Q(owner=None, team=None)
    reach |= Q(owner=None) if seat.leads else Q(owner=None, team__in=seat.team_ids)
    return CannedReply.objects.filter(reach, is_active=True).select_related("team")


def own_canned(seat: Seat) -> QuerySet[CannedReply]:
    """Return the replies an agent keeps for himself."""
    return CannedReply.objects.filter(owner=seat.agent.pk).select_related("team")


def find_canned(seat: Seat, text: str, team: Team | None) -> list[CannedReply]:
    """Return the best replies for what was typed: by shortcut first, then by title and words.

    Within each the most used first. A leading slash is how agents begin.
    """
    rows = canned_for(seat)
    if team is not None:
        rows = rows.filter(Q(team=team.pk) | Q(team=None))
    wanted = text.strip().removeprefix(SHORTCUT_MARK)
    if wanted:
        rows = rows.filter(
            Q(shortcut__icontains=wanted)
            | Q(title__icontains=wanted)
            | Q(text_zh__icontains=wanted)
            | Q(text_en__icontains=wanted)
        )
    fits = Case(
        When(shortcut__istartswith=wanted, then=Value(False)),
        default=Value(True),
        output_field=BooleanField(),
    )
    ordered = rows.order_by(fits, "-used_count", "shortcut", "id")
    return list(ordered[: rules.SERVICE_CANNED_SHOWN])


def macros_for(seat: Seat) -> QuerySet[Macro]:
    """Return the macros an agent may run, the most used first."""
    reach = Q() if seat.leads else Q(team=None) | Q(team__in=seat.team_ids)
    return (
        Macro.objects.filter(reach, is_active=True)
        .select_related("reply", "transfer_to", "team")
        .prefetch_related("tags")
    )


def usable_tags() -> QuerySet[Tag]:
    """Return the tags that can be put on chats."""
    return Tag.objects.filter(is_active=True).order_by("id")
