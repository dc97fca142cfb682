"""Demo data of the desk: two teams, three agents, prepared words. Safe to run again."""

from datetime import time

from clinic.accounts.models import User
from clinic.core.actor import Actor
from clinic.customer_service.models import Agent, CannedReply, Macro, Tag, Team, TeamHours
from clinic.customer_service.services.roster import Profile, add_agent
from clinic.demo.desk_people import (
    BILLING,
    BILLING_HOURS,
    CANNED,
    GENERAL,
    MACROS,
    TAGS,
    DemoAgent,
)

WORKDAYS = range(5)


def seed_desk(agents: list[tuple[DemoAgent, User]], *, by: Actor) -> None:
    """Store whatever of the desk is missing; what staff changed since stays as it is."""
    teams = _teams()
    for profile, account in agents:
        _agent(profile, account, teams, by)
    tags = [
        Tag.objects.get_or_create(name_zh=zh, defaults={"name_en": en, "colour": colour})[0]
        for zh, en, colour in TAGS
    ]
    replies = {shortcut: _canned(shortcut, title, zh, en) for shortcut, title, zh, en in CANNED}
    by_name = {tag.name_zh: tag for tag in tags}
    for title, shortcut, tag, team, ends_chat in MACROS:
        _macro(title, replies[shortcut], by_name[tag], teams.get(team), ends_chat)


def _teams() -> dict[str, Team]:
    general = Team.objects.get_or_create(
        code=GENERAL,
        defaults={"name_zh": "综合客服", "name_en": "General", "is_default": True},
    )[0]
    billing, is_new = Team.objects.get_or_create(
        code=BILLING,
        defaults={"name_zh": "账单与退款", "name_en": "Billing", "fallback": general},
    )
    if is_new:
        TeamHours.objects.bulk_create(
            TeamHours(
                team=billing,
                weekday=day,
                opens=time.fromisoformat(opens),
                closes=time.fromisoformat(closes),
            )
            for day in WORKDAYS
            for opens, closes in BILLING_HOURS
        )
    return {GENERAL: general, BILLING: billing}


def _agent(profile: DemoAgent, account: User, teams: dict[str, Team], by: Actor) -> None:
    if Agent.objects.filter(user=account).exists():
        return
    add_agent(
        account,
        Profile(
            nickname=profile.nickname,
            teams=[teams[code] for code in profile.teams],
            languages=profile.languages,
            max_chats=profile.max_chats,
            is_supervisor=profile.is_supervisor,
        ),
        by=by,
    )


def _canned(shortcut: str, title: str, zh: str, en: str) -> CannedReply:
    return CannedReply.objects.get_or_create(
        shortcut=shortcut,
        team=None,
        owner=None,
        defaults={"title": title, "text_zh": zh, "text_en": en},
    )[0]


def _macro(
    title: str, reply: CannedReply, tag: Tag, transfer_to: Team | None, ends_chat: bool
) -> None:
    macro, is_new = Macro.objects.get_or_create(
        title=title,
        defaults={"reply": reply, "transfer_to": transfer_to, "ends_chat": ends_chat},
    )
    if is_new:
        macro.tags.set([tag])
