"""The messages of a chat as the desk reads them, with the nickname of who wrote for it."""

from chat.selectors.feed import Page, speak
from chat.selectors.thread import read_thread_before, read_thread_changes
from clinic.customer_service.models import Agent, ServiceChat

NEWEST = 2**31  # above every number


def read_thread(
    chat: ServiceChat, *, after_rev: int | None, before: int | None, limit: int
) -> Page:
    """Return what changed after a revision, else the messages before a number or the latest ones.

    System sentences are in the active language. Two queries.
    """
    key = chat.conversation_id
    if after_rev is not None:
        page = read_thread_changes(key, after_rev, limit=limit)
    else:
        page = read_thread_before(key, before or NEWEST, limit=limit)
    senders = {message["sender"] for message in page["messages"]} - {None}
    names = dict(
        Agent.objects.filter(user__public_id__in=senders).values_list("user__public_id", "nickname")
    )
    for message in page["messages"]:
        is_ours = message["role"] in {"agent", "assistant"}
        speak(message)["sender_name"] = names.get(message["sender"], "") if is_ours else ""
    return page
