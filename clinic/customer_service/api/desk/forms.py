"""What the desk sends: queries and bodies."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from clinic.core.api.fields import OneLineField
from clinic.core.api.query import PageQuery
from clinic.customer_service.enums import AgentStatus, DraftMode, LeftMessageState
from clinic.customer_service.selectors.rows import TABS
from clinic.customer_service.services.viewing import STATES
from clinic.settings import rules

REMARK_MAX_CHARS = 200


class ListQuery(serializers.Serializer[Any]):
    """Which rows of a tab."""

    tab = serializers.ChoiceField(choices=TABS, default="mine")
    team = serializers.UUIDField(required=False)
    tag = serializers.IntegerField(min_value=1, max_value=2**62, required=False)
    unread = serializers.BooleanField(default=False)
    due = serializers.BooleanField(default=False)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    cursor = serializers.UUIDField(required=False)
    limit = serializers.IntegerField(min_value=1, max_value=100, default=50)


class ThreadQuery(serializers.Serializer[Any]):
    """Messages before a number, or what changed after a revision, or the latest."""

    before = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False)
    after_rev = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)


class CannedQuery(serializers.Serializer[Any]):
    """What was typed, for which chat."""

    q = serializers.CharField(max_length=60, default="", allow_blank=True)
    team = serializers.UUIDField(required=False)
    chat = serializers.UUIDField(required=False)


class LeftQuery(PageQuery):
    """Which left messages."""

    state = serializers.ChoiceField(
        choices=LeftMessageState.choices, default=LeftMessageState.OPEN.value
    )


class AnswerForm(serializers.Serializer[Any]):
    """The answer to a left message."""

    body = serializers.CharField(max_length=rules.MESSAGE_MAX_CHARS)


class StatusForm(serializers.Serializer[Any]):
    """What an agent is from now on."""

    status = serializers.ChoiceField(choices=AgentStatus.choices)


class RemarkForm(serializers.Serializer[Any]):
    """Why, in the words of staff."""

    remark = OneLineField(max_length=REMARK_MAX_CHARS, default="", allow_blank=True)


class EndForm(serializers.Serializer[Any]):
    """Why a chat ends, in the words of staff."""

    reason = OneLineField(max_length=REMARK_MAX_CHARS, default="", allow_blank=True)


class TransferForm(serializers.Serializer[Any]):
    """Where a chat goes on, with a reason for the history and a note for who gets it."""

    to = serializers.ChoiceField(choices=["agent", "team", "queue"])
    target = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="The agent or the team."
    )
    reason = OneLineField(max_length=REMARK_MAX_CHARS, default="", allow_blank=True)
    note = serializers.CharField(
        max_length=rules.MESSAGE_MAX_CHARS, default="", allow_blank=True, trim_whitespace=True
    )


class HoldForm(serializers.Serializer[Any]):
    """How long a chat rests."""

    minutes = serializers.IntegerField(
        min_value=1, max_value=int(rules.SERVICE_HOLD_MAX.total_seconds() // 60)
    )


class PriorityForm(serializers.Serializer[Any]):
    """Where a chat stands in its queue; higher comes first."""

    priority = serializers.IntegerField(min_value=0, max_value=9)


class NoteForm(serializers.Serializer[Any]):
    """A note and the colleagues it mentions."""

    body = serializers.CharField(max_length=rules.MESSAGE_MAX_CHARS)
    mentions = serializers.ListField(
        child=serializers.UUIDField(), max_length=20, required=False, default=list
    )


class DraftForm(serializers.Serializer[Any]):
    """An unsent text; an empty one removes it."""

    mode = serializers.ChoiceField(choices=DraftMode.choices)
    body = serializers.CharField(
        max_length=rules.MESSAGE_MAX_CHARS, allow_blank=True, trim_whitespace=False
    )


class ChatTagsForm(serializers.Serializer[Any]):
    """All tags of the chat."""

    tags = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), max_length=50
    )


class ViewingForm(serializers.Serializer[Any]):
    """What the agent does with the chat."""

    state = serializers.ChoiceField(choices=STATES)


class MacroForm(serializers.Serializer[Any]):
    """Which macro; the client id makes a repeat harmless."""

    macro = serializers.UUIDField()
    cid = serializers.CharField(max_length=40)


class CannedForm(serializers.Serializer[Any]):
    """A reply of one's own."""

    shortcut = serializers.RegexField(r"^[-\w]+\Z", max_length=30)
    title = OneLineField(max_length=60)
    text_zh = serializers.CharField(max_length=2000, default="", allow_blank=True)
    text_en = serializers.CharField(max_length=2000, default="", allow_blank=True)


class CannedChangeForm(serializers.Serializer[Any]):
    """Changes of a reply of one's own."""

    shortcut = serializers.RegexField(r"^[-\w]+\Z", max_length=30, required=False)
    title = OneLineField(max_length=60, required=False)
    text_zh = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    text_en = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class SearchForm(serializers.Serializer[Any]):
    """What to look for: a name, the end of a phone number, or words."""

    q = OneLineField(min_length=2, max_length=60)
    team = serializers.UUIDField(required=False, allow_null=True, default=None)
