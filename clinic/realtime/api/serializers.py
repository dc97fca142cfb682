"""Shapes of the socket's HTTP door."""

from typing import Any

from rest_framework import serializers


class TicketSerializer(serializers.Serializer[Any]):
    """A ticket and how long it opens a socket."""

    ticket = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds.")
