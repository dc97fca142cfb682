"""What happens around each HTTP request, before any room sees it."""

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, cast

import orjson
from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from prometheus_client import Counter, Histogram

from clinic.core.api.problems import MEDIA_TYPE, ServerError, document
from clinic.core.context import begin_request
from clinic.core.errors import ClinicError, MalformedRequestError, NotFoundError
from clinic.core.metrics import REQUEST_SECONDS, REQUESTS
from clinic.core.proxies import caller_address
from clinic.core.routes import match_of

GetResponse = Callable[[HttpRequest], HttpResponse]
Headers = dict[str, tuple[str, str]]
API_PREFIXES: Final = ("/api/", "/1.1/")
BEARER_PREFIXES: Final = ("/api/v1/", "/1.1/")  # behind the door of the API
LANGUAGES_LENGTH: Final = 200  # of a header that is remembered
MOST_HOSTS: Final = 256  # of ours that are remembered
# By name in the metrics; anybody may make up more, and each would be a series for ever.
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class ApiDoor:
    """Takes requests of the API straight to their views: Django's list below is for pages.

    What the list would do for the API is done here in one pass: HTTPS and host are judged, the
    language is chosen, failures become problem documents, and headers that are always the same are
    made once, by Django. Nothing of the API asks for the rest: files, session, form token (which
    views that take the console's cookie check themselves), console log-in, messages.
    """

    def __init__(self, get_response: GetResponse) -> None:
        """Stand before the rest of the list."""
        self._pages = get_response
        self._view = cast("GetResponse", convert_exception_to_response(self._answer))
        self._security = SecurityMiddleware(get_response)
        self._frames = XFrameOptionsMiddleware(get_response)
        self._headers: dict[bool, Headers] = {}  # by whether the request came by HTTPS
        self._hosts: set[tuple[str | None, ...]] = set()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request of the API; pass others on."""
        if not request.path.startswith(BEARER_PREFIXES):
            return self._pages(request)
        language = _language_of(request)
        translation.activate(language)
        setattr(request, "LANGUAGE_CODE", language)  # noqa: B010 Django's name, not in the stubs
        response = _named(request, self._view(request))
        lines = _lines(response)
        if "vary" in lines:
            patch_vary_headers(response, ("Accept-Language",))
        lines.setdefault("content-language", ("Content-Language", language))
        if not response.streaming:
            length = str(len(response.content))
            lines.setdefault("content-length", ("Content-Length", length))
        for name, line in self._always(request).items():
            lines.setdefault(name, line)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        self._judge_host(request)
        moved: HttpResponse | None = self._security.process_request(request)
        if moved is not None:
            return moved
        found = match_of(request.path_info)
        request.resolver_match = found
        response: Any = found.func(request, *found.args, **found.kwargs)
        if hasattr(response, "render"):
            response = response.render()
        return cast("HttpResponse", response)

    def _judge_host(self, request: HttpRequest) -> None:
        """Raise DisallowedHost for a host that is not ours."""
        told = request.META.get("HTTP_HOST"), request.META.get("HTTP_X_FORWARDED_HOST")
        if told not in self._hosts:
            request.get_host()
            if len(self._hosts) < MOST_HOSTS:
                self._hosts.add(told)

    def _always(self, request: HttpRequest) -> Headers:
        """Return the headers of every answer that does not say otherwise."""
        is_secure = request.is_secure()
        if is_secure not in self._headers:
            blank = self._security.process_response(request, HttpResponse())
            patch_vary_headers(blank, ("Accept-Language",))
            found = _lines(self._frames.process_response(request, blank))
            self._headers[is_secure] = {
                name: line for name, line in found.items() if name != "content-type"
            }
        return self._headers[is_secure]


def _lines(response: HttpResponse) -> Headers:
    """Return the headers as Django keeps them: lower name to name and value."""
    lines: Headers = getattr(response.headers, "_store")  # noqa: B009 Django encodes each anew
    return lines


def _language_of(request: HttpRequest) -> str:
    """Return the language of the header, remembering it; a cookie may tell another one."""
    asked = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
    if "HTTP_COOKIE" in request.META or len(asked) > LANGUAGES_LENGTH:
        return translation.get_language_from_request(request)
    return _language(asked)


@lru_cache(maxsize=256)
def _language(header: str) -> str:
    asking = HttpRequest()
    asking.META["HTTP_ACCEPT_LANGUAGE"] = header
    return translation.get_language_from_request(asking)


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
        return _named(request, response) if request.path.startswith(API_PREFIXES) else response

    return middleware


def _named(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return a problem document instead of a plain page about a failure."""
    if response.status_code < 400 or "json" in response.get("Content-Type", ""):
        return response
    if response.status_code == 404:
        return problem(request, NotFoundError())
    if response.status_code == 400:
        return problem(request, MalformedRequestError())
    if response.status_code >= 500:
        return problem(request, ServerError())
    return response


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
    method = request.method if request.method in METHODS else "OTHER"
    count, duration = _meters(route, method, response.status_code)
    count.inc()
    duration.observe(seconds)


@lru_cache(maxsize=4096)
def _meters(route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    """Return the two meters of these labels; looking them up takes longer than counting."""
    count = REQUESTS.labels(route=route, method=method, status=status)
    return count, REQUEST_SECONDS.labels(route=route, method=method)
