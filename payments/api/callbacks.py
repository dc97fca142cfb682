"""Where payment providers report: no login, no session, raw bytes first."""

import logging
from uuid import UUID

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse, RawPostDataException
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from clinic.core import ratelimit
from clinic.core.clock import now
from clinic.core.errors import RateLimitedError
from clinic.settings import rules
from payments.gateways.types import Refused
from payments.selectors.merchants import merchant_of_callback
from payments.services.callbacks import acknowledgement_of, take_callback

log = logging.getLogger(__name__)
MAX_BODY_BYTES = 64 * 1024


@csrf_exempt
def provider_callback(
    request: HttpRequest, provider: str, merchant_public_id: UUID
) -> HttpResponse:
    """Answer a provider: heard when we know, 4xx when we do not believe, 503 to be told again.

    A refusal never says which check failed, and only refusals count against the sender.
    """
    if request.method != "POST":
        return _fail(405)
    body = _body(request)
    merchant = merchant_of_callback(provider, merchant_public_id)
    if body is None or merchant is None:
        return _refuse(request, "frame")
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        take_callback(merchant, headers, body, moment=now())
    except Refused as refused:
        if refused.is_probe:  # the gateway tests that we verify
            return _fail(401)
        return _refuse(request, refused.reason)
    except DatabaseError as error:
        log.error("callback not stored", extra={"why": type(error).__name__})
        return _fail(503)
    heard = acknowledgement_of(merchant)
    return HttpResponse(heard.body, status=heard.status, content_type=heard.content_type)


def _body(request: HttpRequest) -> bytes | None:
    """Return the raw bytes; None when there are too many or the sender went away."""
    try:
        declared = int(request.META.get("CONTENT_LENGTH") or 0)
        if not 0 < declared <= MAX_BODY_BYTES:
            return None
        body = request.body
    except (ValueError, UnreadablePostError, RawPostDataException):
        return None
    return body if len(body) <= MAX_BODY_BYTES else None


def _refuse(request: HttpRequest, reason: str) -> HttpResponse:
    log.warning("callback refused", extra={"reason": reason})
    sender = str(request.META.get("REMOTE_ADDR", ""))
    try:
        ratelimit.limit("payments.callback_refused", sender, rules.CALLBACK_REFUSALS)
    except RateLimitedError:
        return _fail(429)
    return _fail(401)


def _fail(status: int) -> HttpResponse:
    return JsonResponse({"code": "FAIL", "message": "FAIL"}, status=status)
