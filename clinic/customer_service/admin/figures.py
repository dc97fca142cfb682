"""Figures of the desk on the first page."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clinic.core.clock import clinic_day, now
from clinic.core.console import Figure, list_link, shows_figures
from clinic.customer_service.admin.pages import minutes
from clinic.customer_service.admin.roles import WATCHES_DESK
from clinic.customer_service.enums import AgentStatus, ChatState, LeftMessageState
from clinic.customer_service.selectors.figures import desk_now
from clinic.customer_service.selectors.reports import day_start, visits_between
from clinic.settings import rules

CHATS = "customer_service.ServiceChat"


@shows_figures(order=15, roles=WATCHES_DESK)
def desk_figures() -> list[Figure]:
    """Who waits at the desk, who is there, how long it took today, what nobody answered."""
    moment = now()
    desk = desk_now()
    start = day_start(clinic_day(moment))
    today = visits_between(start, start + timedelta(days=1))
    waited = (moment - desk.oldest_since).total_seconds() if desk.oldest_since else 0.0
    late = waited > rules.SERVICE_FIRST_REPLY_TARGET.total_seconds()
    return [
        Figure(
            _("Waiting at the desk"),
            str(desk.waiting),
            _("longest: %(time)s") % {"time": minutes(waited)} if desk.waiting else "",
            icon="support_agent",
            tone="danger" if late else "warning" if desk.waiting else "success",
            link=list_link(CHATS, f"state__exact={ChatState.WAITING}"),
        ),
        Figure(
            _("Agents online"),
            str(desk.online),
            _("%(busy)s busy, %(chats)s chats open") % {"busy": desk.busy, "chats": desk.active},
            icon="headset_mic",
            tone="" if desk.online else "warning",
            link=list_link("customer_service.Agent", f"status__exact={AgentStatus.ONLINE}"),
        ),
        Figure(
            _("Wait at the desk today"),
            minutes(today.wait_p50),
            _("p90 %(wait)s, %(count)s chats")
            % {"wait": minutes(today.wait_p90), "count": today.chats},
            icon="timer",
            link=reverse("desk-reports"),
        ),
        Figure(
            _("Unanswered left messages"),
            str(desk.left_open),
            icon="voicemail",
            tone="warning" if desk.left_open else "",
            link=list_link("customer_service.LeftMessage", f"state__exact={LeftMessageState.OPEN}"),
        ),
    ]
