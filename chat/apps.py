"""Django app of the chat."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    """Conversations, members and messages with gap-free numbers."""

    name = "chat"
    label = "chat"
    verbose_name = _("Chat")
