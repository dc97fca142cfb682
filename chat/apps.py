"""Django app of the chat."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    """Conversations, members and messages with gap-free numbers."""

    name = "chat"
    label = "chat"
    verbose_name = _("Chat")

    def ready(self) -> None:
        """Register policy, socket commands and invariants."""
        import_module("chat.api.permissions")
        import_module("chat.selectors.attachments")
        import_module("chat.consumers")
        import_module("chat.selectors.invariants")
