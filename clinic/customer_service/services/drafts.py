"""Words an agent has not sent yet."""

from datetime import datetime

from clinic.core.clock import now as current_moment
from clinic.customer_service.enums import DraftMode
from clinic.customer_service.models import Agent, ChatDraft, ServiceChat
from clinic.settings import rules


def save_draft(chat: ServiceChat, *, agent: Agent, mode: DraftMode, body: str) -> None:
    """Keep what the agent has written so far; an empty text removes it. The last writer wins."""
    if not body.strip():
        ChatDraft.objects.filter(chat=chat, agent=agent, mode=mode).delete()
        return
    ChatDraft.objects.bulk_create(
        [ChatDraft(chat=chat, agent=agent, mode=mode, body=body, updated_at=current_moment())],
        update_conflicts=True,
        unique_fields=["chat", "agent", "mode"],
        update_fields=["body", "updated_at"],
    )


def forget_old_drafts(now: datetime) -> int:
    """Remove texts that nobody touched for SERVICE_DRAFT_KEPT and return how many."""
    old = ChatDraft.objects.filter(updated_at__lt=now - rules.SERVICE_DRAFT_KEPT)
    return old.delete()[0]


def drafts_of(chat: ServiceChat, agent: Agent) -> dict[str, str]:
    """Return the agent's unsent texts of a chat by mode; empty where there is none."""
    found = dict(ChatDraft.objects.filter(chat=chat, agent=agent).values_list("mode", "body"))
    return {mode.value: found.get(mode.value, "") for mode in DraftMode}
