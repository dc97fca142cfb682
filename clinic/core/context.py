"""What belongs to the request, task or frame that runs now."""

import re
import secrets
from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_ACCEPTED = re.compile(r"[A-Za-z0-9-]{1,64}")


def current_request_id() -> str:
    """Return the id of the running request or task; empty outside of one."""
    return _request_id.get()


def begin_request(offered: str | None) -> str:
    """Take the caller's request id when it is harmless, else make one; remember and return it."""
    request_id = offered if offered and _ACCEPTED.fullmatch(offered) else secrets.token_hex(10)
    _request_id.set(request_id)
    return request_id


def end_request() -> None:
    """Forget the request: what runs now belongs to none, or to several."""
    _request_id.set("")
