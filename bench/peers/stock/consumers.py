"""The consumer of the tutorial: join the room, store what comes, answer, send to the group."""

import json
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from bench.peers.stock.models import StockMessage


class ChatConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One socket in one room."""

    async def connect(self) -> None:
        """Join the room."""
        self.room = self.scope["url_route"]["kwargs"]["room"]
        self.user = parse_qs(self.scope["query_string"].decode())["user"][0]
        self.group = f"chat_{self.room}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def disconnect(self, _code: int) -> None:
        """Leave the room."""
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data: str = "", **_other: Any) -> None:
        """Store a message, confirm it and pass it on."""
        words = json.loads(text_data)
        stored = await self.store(words["message"])
        await self.send(json.dumps({"stored": stored, "cid": words["cid"]}))
        event = {"type": "chat.message", "user": self.user, "id": stored, **words}
        await self.channel_layer.group_send(self.group, event)

    async def chat_message(self, event: dict[str, Any]) -> None:
        """Show a message of the room."""
        await self.send(json.dumps({key: event[key] for key in ("user", "id", "message", "cid")}))

    @database_sync_to_async
    def store(self, body: str) -> int:
        """Keep a message."""
        row = StockMessage.objects.create(room=self.room, user=self.user, body=body)
        return int(row.pk)
