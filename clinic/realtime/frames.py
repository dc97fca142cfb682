"""What travels: a push to people's sockets, encoded once per language."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import override

from clinic.core.clock import moment_text

Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Push:
    """A frame on its way to all sockets of some accounts.

    ``users`` are public ids as 32 hex digits. ``texts`` maps a language to the encoded frame; the
    key "" stands for every language. ``key`` and ``number`` place the frame in a numbered feed: a
    socket then passes it on only in order. ``skip`` is the id of a socket that knows it already.
    ``ended_login`` is no frame: it closes the sockets of the login of that name.
    """

    users: tuple[str, ...]
    texts: Texts
    key: str = ""
    number: int = 0
    skip: str = ""
    ended_login: str = ""

    def text(self, language: str) -> str:
        """Return the encoded frame in a language."""
        return self.texts.get(language) or next(iter(self.texts.values()))

    def packed(self) -> list[Any]:
        """Return the push in a form that the channel layer can carry."""
        return [list(self.users), self.texts, self.key, self.number, self.ended_login]


def unpacked(values: list[Any]) -> Push:
    """Rebuild a push that came over the channel layer."""
    users, texts, key, number, ended_login = values
    return Push(tuple(users), texts, key, number, "", ended_login)


def encode(frame: dict[str, Any]) -> str:
    """Return the JSON text of a frame; UUIDs and moments as strings, lazy texts as they are now."""
    return orjson.dumps(frame, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()


def render(frame: dict[str, Any]) -> Texts:
    """Return the frame encoded once, or once per language when it holds lazy texts."""
    lazy: list[Promise] = []

    def note(value: Any) -> str:
        if isinstance(value, Promise):
            lazy.append(value)
        return _plain(value)

    text = orjson.dumps(frame, default=note, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()
    if not lazy:
        return {"": text}
    return {code: _in_language(frame, code) for code, _name in settings.LANGUAGES}


def _in_language(frame: dict[str, Any], code: str) -> str:
    with override(code):
        return encode(frame)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(type(value).__name__)
