"""What a connecting client shows: origin, subprotocols, ticket, cookie, language."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import parse_cookie
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from clinic.core.errors import NotAuthenticatedError
from clinic.realtime.services import Admission, admit_by_console, admit_by_ticket, admit_by_token

PATH = "/ws/v1/"
PROTOCOL = "clinic.v1"
BEARER = "bearer."
Scope = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Offer:
    """The handshake in our words."""

    protocol: str | None
    token: str
    ticket: str
    session_key: str
    language: str

    def admit(self) -> Admission:
        """Return who it is; a ticket, a token or a console cookie must be good.

        Raises NotAuthenticatedError.
        """
        if self.ticket:
            return admit_by_ticket(self.ticket)
        if self.token and self.protocol:
            return admit_by_token(self.token)
        if self.session_key and not self.token:
            return admit_by_console(self.session_key)
        raise NotAuthenticatedError


def read_offer(scope: Scope) -> Offer:
    """Return what the client offers; nothing is judged yet."""
    protocols = scope.get("subprotocols") or []
    tokens = [name.removeprefix(BEARER) for name in protocols if name.startswith(BEARER)]
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    return Offer(
        protocol=PROTOCOL if PROTOCOL in protocols else None,
        token=tokens[0] if tokens else "",
        ticket=query.get("ticket", [""])[0],
        session_key=_session_key(scope),
        language=_language(_header(scope, b"accept-language")),
    )


def is_welcome(scope: Scope) -> bool:
    """Say whether path and origin are ours; clients that are no browsers send no origin."""
    origin = _header(scope, b"origin")
    if scope["path"] != PATH:
        return False
    return not origin or origin in settings.CSRF_TRUSTED_ORIGINS or _is_same_host(scope, origin)


def _session_key(scope: Scope) -> str:
    # Browsers send the cookie for any page; the origin, judged by is_welcome, names the page.
    if not _header(scope, b"origin"):
        return ""
    cookies = parse_cookie(_header(scope, b"cookie"))
    return str(cookies.get(settings.SESSION_COOKIE_NAME, ""))


def _is_same_host(scope: Scope, origin: str) -> bool:
    try:
        return bool(urlsplit(origin).netloc) and urlsplit(origin).netloc == _header(scope, b"host")
    except ValueError:
        return False


def _header(scope: Scope, name: bytes) -> str:
    for key, value in scope["headers"]:
        if key.lower() == name:
            return bytes(value).decode("latin-1")
    return ""


def _language(accepted: str) -> str:
    for code, _quality in parse_accept_lang_header(accepted.lower()[:500]):
        if code == "*":
            break
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE
