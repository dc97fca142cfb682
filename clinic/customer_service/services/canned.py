"""Canned replies: an agent's own ones, filling in names, counting uses."""

from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from clinic.core.errors import InvalidInputError
from clinic.core.masking import mask_name
from clinic.customer_service.models import Agent, CannedReply, ServiceChat
from clinic.customer_service.selectors.wording import in_language
from clinic.settings import rules

OWNER_MAY_CHANGE: Final = frozenset({"shortcut", "title", "text_zh", "text_en"})


def create_own(
    *, agent: Agent, shortcut: str, title: str, text_zh: str, text_en: str
) -> CannedReply:
    """Store a reply that only this agent sees. Raises ShortcutTakenError, InvalidInputError."""
    with transaction.atomic():
        Agent.objects.select_for_update(no_key=True).get(pk=agent.pk)
        if CannedReply.objects.filter(owner=agent.pk).count() >= rules.SERVICE_CANNED_OWN_MAX:
            detail = _("You keep too many replies. Remove one first.")
            raise InvalidInputError("shortcut", detail, code="too_many")
        reply = CannedReply(
            owner_id=agent.pk, shortcut=shortcut, title=title, text_zh=text_zh, text_en=text_en
        )
        _check_says_something(reply)
        reply.save(force_insert=True)
    return reply


def change_own(reply: CannedReply, *, changes: dict[str, Any]) -> CannedReply:
    """Change a reply of one's own. Raises ShortcutTakenError, InvalidInputError."""
    if not changes.keys() <= OWNER_MAY_CHANGE:
        raise KeyError(*sorted(changes.keys() - OWNER_MAY_CHANGE))
    with transaction.atomic():
        row = CannedReply.objects.select_for_update(no_key=True).get(pk=reply.pk)
        for name, value in changes.items():
            setattr(row, name, value)
        _check_says_something(row)
        row.save(update_fields=sorted(changes))
    return row


def remove_own(reply: CannedReply) -> None:
    """Remove a reply of one's own; macros never name one."""
    reply.delete()


def note_use(reply: CannedReply) -> None:
    """Count one use; the most used are found first."""
    CannedReply.objects.filter(pk=reply.pk).update(used_count=F("used_count") + 1)


def filled(reply: CannedReply, chat: ServiceChat, agent: Agent) -> str:
    """Return the reply in the chat's language with its names filled in.

    The other language stands in for one that is missing. The customer's name is masked, as agents
    see it. Other braces stay as they are.
    """
    texts = (reply.text_zh, reply.text_en)
    is_chinese = chat.language.startswith("zh")
    text = next(one for one in (texts if is_chinese else texts[::-1]) if one)
    team = chat.team.name_zh if is_chinese else chat.team.name_en
    names = {"customer": mask_name(chat.customer.name), "agent": agent.nickname, "team": team}
    for name, value in names.items():
        text = text.replace("{" + name + "}", value)
    return text


def in_reader_s_language(reply: CannedReply) -> str:
    """Return the reply as it is, in the active language where it has one."""
    return in_language(reply.text_zh, reply.text_en) or reply.text_zh or reply.text_en


def _check_says_something(reply: CannedReply) -> None:
    if not reply.text_zh.strip() and not reply.text_en.strip():
        raise InvalidInputError("text_zh", _("Write the text in at least one language."))
