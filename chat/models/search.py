"""What the search of messages knows; made from the messages, and made again at any time."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from chat.models.conversation import Conversation
from chat.models.message import Message


class MessageWords(models.Model):
    """The words of one message as of a revision: pairs of Chinese characters, and other words."""

    message = models.OneToOneField(
        Message, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    rev = models.PositiveIntegerField(_("revision"))
    words = SearchVectorField(_("words"))

    class Meta:
        verbose_name = _("words of a message")
        verbose_name_plural = _("words of messages")
        indexes = [GinIndex(fields=["words"], name="message_words", fastupdate=False)]

    def __str__(self) -> str:
        return f"#{self.message_id}"


class WordsMark(models.Model):
    """Up to which revision a conversation can be searched."""

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    rev = models.PositiveIntegerField(_("revision"))

    class Meta:
        verbose_name = _("search mark")
        verbose_name_plural = _("search marks")

    def __str__(self) -> str:
        return f"#{self.conversation_id}: {self.rev}"
