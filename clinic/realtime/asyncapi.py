"""The AsyncAPI document of the socket, made from the registry."""

from typing import Any

from clinic.realtime.enums import MEANINGS
from clinic.realtime.fields import object_schema
from clinic.realtime.registry import COMMANDS, SERVER_FRAMES, ServerFrame, SocketCommand
from clinic.settings import rules

CHANNEL = "#/channels/socket"
FRAME_ID_SCHEMA = {
    "type": ["string", "integer"],
    "maxLength": 64,
    "description": "Your own number of the frame; the answer carries it.",
}


def document() -> dict[str, Any]:
    """Return the whole document as plain values."""
    commands = [COMMANDS[name] for name in sorted(COMMANDS)]
    frames = [SERVER_FRAMES[name] for name in sorted(SERVER_FRAMES)]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Xiangcao (香草) socket",
            "version": "1.0.0",
            "description": _introduction(),
        },
        "defaultContentType": "application/json",
        "servers": {"clinic": {"host": "localhost:8000", "protocol": "ws"}},
        "channels": {"socket": _channel(commands, frames)},
        "operations": {
            **{f"do_{command.name}": _operation(command) for command in commands},
            **{f"hear_{frame.name}": _hearing(frame) for frame in frames},
        },
        "components": {
            "messages": {
                **{f"client.{command.name}": _said(command) for command in commands},
                **{f"server.{frame.name}": _heard(frame) for frame in frames},
            }
        },
    }


def _introduction() -> str:
    codes = "\n".join(f"- {int(code)}: {text}" for code, text in MEANINGS.items())
    return (
        "One socket per device, many conversations on it. Frames are JSON objects with a type `t`. "
        "Open it with the subprotocols `clinic.v1, bearer.<access token>`, or with `?ticket=` from "
        "`POST /api/v1/ws/ticket`; pages of the staff console are admitted by its cookie. "
        "The first frame is `welcome`; then send `hello` with the last "
        "revision you have of each conversation.\n\n"
        "A push is a hint, the database is the truth. Messages have a number `seq`, which orders "
        "them, and a revision `rev`, which grows with each new, edited or recalled message of the "
        "conversation. Pushed revisions have no gap, so a client that sees one asks by `sync`; the "
        f"server fills gaps by itself within {int(rules.POSITIONER_EVERY.total_seconds())} s. Keep "
        "of each message the highest revision. The answer to `send` comes after the message is "
        "stored; repeat it with the same `cid` until then.\n\n"
        f"Limits: {rules.SOCKET_FRAME_MAX_BYTES // 1024} KB a frame, "
        f"{rules.SOCKET_FRAMES_PER_SECOND} frames a second ({rules.SOCKET_FRAMES_BURST} at once), "
        f"{rules.SEND_RATE} messages, {rules.SOCKETS_PER_USER} sockets an account.\n\n"
        f"Close codes:\n{codes}"
    )


def _channel(commands: list[SocketCommand], frames: list[ServerFrame]) -> dict[str, Any]:
    names = [f"client.{command.name}" for command in commands]
    names += [f"server.{frame.name}" for frame in frames]
    return {
        "address": "/ws/v1/",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
    }


def _operation(command: SocketCommand) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "action": "receive",
        "channel": {"$ref": CHANNEL},
        "summary": command.about,
        "messages": [{"$ref": f"{CHANNEL}/messages/client.{command.name}"}],
        "reply": {
            "channel": {"$ref": CHANNEL},
            "messages": [
                {"$ref": f"{CHANNEL}/messages/server.{command.answer}"},
                {"$ref": f"{CHANNEL}/messages/server.err"},
            ],
        },
    }
    if command.errors:
        codes = ", ".join(f"`{error.code}`" for error in command.errors)
        operation["description"] = f"Errors: {codes}."
    return operation


def _hearing(frame: ServerFrame) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": CHANNEL},
        "summary": frame.about,
        "messages": [{"$ref": f"{CHANNEL}/messages/server.{frame.name}"}],
    }


def _said(command: SocketCommand) -> dict[str, Any]:
    payload = object_schema(command.schema, command.name)
    payload["properties"]["id"] = FRAME_ID_SCHEMA
    payload["additionalProperties"] = False
    return {"name": command.name, "title": command.about, "payload": payload}


def _heard(frame: ServerFrame) -> dict[str, Any]:
    payload = object_schema(frame.schema, frame.name)
    return {"name": frame.name, "title": frame.about, "payload": payload}
