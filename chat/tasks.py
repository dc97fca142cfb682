"""Background work of the chat."""

from celery import shared_task

from chat.services import searching


@shared_task(name="chat.index_messages")
def index_messages() -> None:
    """Make what was written lately searchable."""
    searching.index_recent()
