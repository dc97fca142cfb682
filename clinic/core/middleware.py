"""What happens around each HTTP request, before any room sees it."""

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import orjson
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

from clinic.core.api.problems import MEDIA_TYPE, ServerError, document
from clinic.core.context import begin_request
from clinic.core.errors import ClinicError, MalformedRequestError, NotFoundError
from clinic.core.metrics import REQUEST_SECONDS, REQUESTS
from clinic.core.proxies import caller_address

GetResponse = Callable[[HttpRequest], HttpResponse]
API_PREFIXES = ("/api/", "/1.1/")
# Bearer tokens only: no cookie, no form and no file below these.
BEARER_PREFIXES = ("/api/v1/", "/1.1/")

LANGUAGES_LENGTH = 200  # of a header that is remembered


class PagesOnly:
    """Takes a middleware of Django out of the way of the API, where nothing asks for its work."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> Any:
        """Pass an API request on as it is."""
        if request.path.startswith(BEARER_PREFIXES):
            return self.get_response(request)
        page: Any = super()
        return page.__call__(request)


class PageFiles(PagesOnly, WhiteNoiseMiddleware):
    """Static files."""


class PageSession(PagesOnly, SessionMiddleware):
    """The cookie of the staff console."""


class Language(LocaleMiddleware):
    """Django's choice of the language. Addresses of the API name none and are asked all day."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> Any:
        """Choose by the header alone for the API, remembering what was chosen for it."""
        asked = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
        is_plain = "HTTP_COOKIE" not in request.META and len(asked) <= LANGUAGES_LENGTH
        if not is_plain or not request.path.startswith(BEARER_PREFIXES):
            return super().__call__(request)
        translation.activate(_language(asked))
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


@lru_cache(maxsize=256)
def _language(header: str) -> str:
    asking = HttpRequest()
    asking.META["HTTP_ACCEPT_LANGUAGE"] = header
    return translation.get_language_from_request(asking)


class PageForms(PagesOnly, CsrfViewMiddleware):
    """Forms carry a token; views of the API are exempt by themselves."""


class PageLogin(PagesOnly, AuthenticationMiddleware):
    """Who is logged in to the console."""


class PageMessages(PagesOnly, MessageMiddleware):
    """One-time messages on pages."""


def request_context(get_response: GetResponse) -> GetResponse:
    """Give each request an id, refuse unreadable addresses, and measure by route name."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request_id = begin_request(request.META.get("HTTP_X_REQUEST_ID"))
        if settings.TRUSTED_PROXY_HOPS:
            _name_caller(request)
        started = time.perf_counter()
        response = _poisoned(request) or get_response(request)
        response["X-Request-ID"] = request_id
        _measure(request, response, time.perf_counter() - started)
        return response

    return middleware


def _name_caller(request: HttpRequest) -> None:
    request.META["REMOTE_ADDR"] = caller_address(
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_X_FORWARDED_FOR", ""),
        settings.TRUSTED_PROXY_HOPS,
    )


def api_problems(get_response: GetResponse) -> GetResponse:
    """Turn plain 404 and 500 pages below the API into problem documents."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith(API_PREFIXES) or "json" in response.get("Content-Type", ""):
            return response
        if response.status_code == 404:
            return problem(request, NotFoundError())
        if response.status_code == 400:
            return problem(request, MalformedRequestError())
        if response.status_code >= 500:
            return problem(request, ServerError())
        return response

    return middleware


def problem(request: HttpRequest, error: ClinicError) -> HttpResponse:
    """Return a problem document outside of DRF."""
    body = orjson.dumps(document(error, request.path))
    return HttpResponse(body, status=error.status, content_type=MEDIA_TYPE)


def _poisoned(request: HttpRequest) -> HttpResponse | None:
    text = request.path + request.META.get("QUERY_STRING", "")
    if "\x00" in text or "\ufffd" in text or "%00" in text:
        return problem(request, MalformedRequestError())
    return None


def _measure(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    match = request.resolver_match
    route = match.route if match else "unknown"
    method = request.method or ""
    REQUESTS.labels(route=route, method=method, status=response.status_code).inc()
    REQUEST_SECONDS.labels(route=route, method=method).observe(seconds)
