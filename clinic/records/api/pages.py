"""The public page that says whether a printed record is genuine."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic.core import ratelimit
from clinic.core.errors import RateLimitedError
from clinic.core.masking import mask_name
from clinic.records.selectors.contents import addenda_in_order, is_untouched
from clinic.records.selectors.records import by_token
from clinic.settings import rules

HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}


@require_safe
def verify_record(request: HttpRequest, token: str) -> HttpResponse:
    """Show number, doctor, day and whether the record is what was signed; nothing medical."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    try:
        ratelimit.limit("records.verify", address, rules.RECORD_VERIFY_RATE)
    except RateLimitedError as error:
        wait = {"Retry-After": str(error.retry_after or 60)}
        return _page(request, {"too_fast": True}, status=429, headers=wait)
    record = by_token(token)
    if record is None:
        return _page(request, {"record": None}, status=404)
    context = {
        "record": record,
        "printed": record.printed,
        "person": mask_name(str(record.printed["person"])),
        "addenda": addenda_in_order(record),
        "is_signed": bool(record.signature),
        "is_genuine": is_untouched(record),
    }
    return _page(request, context)


def _page(
    request: HttpRequest,
    context: dict[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    answer = render(request, "records/verify.html", context, status=status)
    for name, value in {**HEADERS, **(headers or {})}.items():
        answer[name] = value
    return answer
