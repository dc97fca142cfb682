"""Pages for people who write clients: front page, error codes, socket frames."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.http import require_safe

from clinic.core.errors import ClinicError

DOCUMENT = Path("docs") / "asyncapi.yaml"


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One stable code as clients see it, with its sentence in both languages."""

    code: str
    status: int
    meaning: str
    english: str
    chinese: str


@dataclass(frozen=True, slots=True)
class Property:
    """One field of a socket frame."""

    name: str
    kind: str
    required: bool
    text: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One message type of the socket; ``sender`` is "client" or "server"."""

    name: str
    title: str
    text: str
    sender: str
    properties: list[Property]
    examples: list[str]


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Say what this is and where to go."""
    simulator = settings.WECHATPAY_BASE_URL if "127.0.0.1" in settings.WECHATPAY_BASE_URL else ""
    return render(request, "front/index.html", {"simulator": simulator})


@require_safe
def error_codes(request: HttpRequest) -> HttpResponse:
    """List every stable error code, read from the classes themselves."""
    return render(request, "docs/errors.html", {"errors": all_error_codes()})


@require_safe
def socket_document(_request: HttpRequest) -> FileResponse:
    """Send the AsyncAPI file. 404 where the file is not shipped."""
    return FileResponse(_document_path().open("rb"), content_type="application/yaml")


@require_safe
def socket_page(request: HttpRequest) -> HttpResponse:
    """Show the AsyncAPI file as a page."""
    document = yaml.safe_load(_document_path().read_text("utf-8"))
    context = {
        "about": document.get("info", {}),
        "servers": document.get("servers", {}),
        "channels": document.get("channels", {}),
        "frames": frames_of(document),
    }
    return render(request, "docs/socket.html", context)


@cache
def all_error_codes() -> list[ErrorCode]:
    """Return every code once, by status and code."""
    by_code = {kind.code: kind for kind in sorted(_kinds(ClinicError), key=_depth, reverse=True)}
    found = [_error_code(kind) for kind in by_code.values()]
    return sorted(found, key=lambda item: (item.status, item.code))


def frames_of(document: dict[str, Any]) -> list[Frame]:
    """Return the messages of an AsyncAPI 3 document, the client's first."""
    senders = _senders(document)
    messages = document.get("components", {}).get("messages", {})
    frames = [_frame(document, key, body, senders) for key, body in messages.items()]
    return sorted(frames, key=lambda frame: (frame.sender, frame.name))


def _kinds(kind: type[ClinicError]) -> Iterator[type[ClinicError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)


def _depth(kind: type[ClinicError]) -> int:
    return len(kind.__mro__)


def _error_code(kind: type[ClinicError]) -> ErrorCode:
    with override("en"):
        english = str(kind.message)
    with override("zh-hans"):
        chinese = str(kind.message)
    meaning = (kind.__doc__ or "").strip().split("\n", 1)[0]
    return ErrorCode(kind.code, kind.status, meaning, english, chinese)


def _document_path() -> Path:
    path: Path = settings.BASE_DIR / DOCUMENT
    if not path.is_file():
        raise Http404
    return path


def _resolve(document: dict[str, Any], node: Any) -> Any:
    while isinstance(node, dict) and "$ref" in node:
        target: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def _senders(document: dict[str, Any]) -> dict[str, str]:
    """Map the key of each message to who sends it: "receive" is what the server receives."""
    found: dict[str, str] = {}
    for operation in document.get("operations", {}).values():
        sender = "client" if operation.get("action") == "receive" else "server"
        for message in operation.get("messages", []):
            found[_last_ref(document, message)] = sender
    return found


def _last_ref(document: dict[str, Any], node: dict[str, Any]) -> str:
    """Follow references and return the key of the last one: the message's own name."""
    key = ""
    while "$ref" in node:
        key = node["$ref"].rsplit("/", 1)[-1]
        target: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        node = target
    return key


def _frame(
    document: dict[str, Any], key: str, node: dict[str, Any], senders: dict[str, str]
) -> Frame:
    body = _resolve(document, node)
    payload = _resolve(document, body.get("payload", {}))
    required = set(payload.get("required", []))
    properties = [
        _property(document, name, field, name in required)
        for name, field in payload.get("properties", {}).items()
    ]
    examples = [str(example.get("payload", example)) for example in body.get("examples", [])]
    return Frame(
        name=body.get("name", key),
        title=body.get("title", ""),
        text=body.get("summary") or body.get("description", ""),
        sender=senders.get(key, "server"),
        properties=properties,
        examples=examples,
    )


def _property(document: dict[str, Any], name: str, node: Any, required: bool) -> Property:
    field = _resolve(document, node)
    kind = field.get("const") or field.get("type") or field.get("enum") or ""
    if isinstance(kind, list):
        kind = " | ".join(str(part) for part in kind)
    if field.get("type") == "array":
        items = _resolve(document, field.get("items", {}))
        kind = f"array of {items.get('type', 'object')}"
    if "format" in field:
        kind = f"{kind} ({field['format']})"
    return Property(name, str(kind), required, field.get("description", ""))
