"""Shapes of the supervisor's board."""

from typing import Any

from rest_framework import serializers

from clinic.customer_service.api.desk.shapes import ColleagueShape, RowShape
from clinic.customer_service.enums import AlarmKind, ChatState


class WatchedShape(ColleagueShape):
    """An agent as a supervisor watches him."""

    unanswered_since = serializers.DateTimeField(
        allow_null=True, help_text="The oldest word of a customer that he has not answered."
    )


class AlarmShape(serializers.Serializer[Any]):
    """An open chat that is late."""

    chat = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=AlarmKind.choices)
    since = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=ChatState.choices)
    agent = serializers.UUIDField(allow_null=True)
    team = serializers.UUIDField()


class FiguresShape(serializers.Serializer[Any]):
    """Numbers of this moment and of the clinic's day; null while nothing was counted."""

    waiting = serializers.IntegerField()
    longest_s = serializers.IntegerField(allow_null=True)
    active = serializers.IntegerField()
    online = serializers.IntegerField()
    busy = serializers.IntegerField()
    wait_p50_s = serializers.IntegerField(allow_null=True)
    wait_p90_s = serializers.IntegerField(allow_null=True)
    reply_p50_s = serializers.IntegerField(allow_null=True)
    ended_today = serializers.IntegerField()
    abandoned_today = serializers.IntegerField()
    abandoned_percent = serializers.FloatField()
    first_reply_kept_percent = serializers.FloatField(allow_null=True)
    resolution_kept_percent = serializers.FloatField(allow_null=True)
    stars_today = serializers.FloatField(allow_null=True)


class QueueShape(serializers.Serializer[Any]):
    """A team and its queue."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    waiting = serializers.IntegerField()
    longest_s = serializers.IntegerField(allow_null=True)
    online = serializers.IntegerField()


class BoardShape(serializers.Serializer[Any]):
    """All that supervisors watch."""

    agents = WatchedShape(many=True)
    queue = RowShape(many=True)
    figures = FiguresShape()
    teams = QueueShape(many=True)
    alarms = AlarmShape(many=True, help_text="At most 100, the oldest first.")
