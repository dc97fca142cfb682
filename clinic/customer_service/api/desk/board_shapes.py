"""Shapes of the supervisor's board."""

from typing import Any

from rest_framework import serializers

from clinic.customer_service.api.desk.shapes import ColleagueShape, RowShape


class FiguresShape(serializers.Serializer[Any]):
    """Numbers of this moment; waits are of the last hour, seconds."""

    waiting = serializers.IntegerField()
    longest_s = serializers.IntegerField(allow_null=True)
    active = serializers.IntegerField()
    online = serializers.IntegerField()
    busy = serializers.IntegerField()
    wait_p50_s = serializers.IntegerField(allow_null=True)
    wait_p90_s = serializers.IntegerField(allow_null=True)
    ended_today = serializers.IntegerField()
    abandoned_today = serializers.IntegerField()
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

    agents = ColleagueShape(many=True)
    queue = RowShape(many=True)
    figures = FiguresShape()
    teams = QueueShape(many=True)
