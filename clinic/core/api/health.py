"""Is it alive, is it ready, how is it doing: the addresses that machines ask."""

import hmac

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from clinic.core.exporter import exposition
from clinic.core.health import Readiness, readiness

PLAIN_TEXT = "text/plain; version=0.0.4; charset=utf-8"


@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """Answer as long as the process can answer; looks at nothing else."""
    return _json({"status": "ok"}, 200)


@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when requests can be served (a helper may be away), 503 otherwise."""
    return _readiness(readiness())


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer Prometheus text; with METRICS_TOKEN set only to its bearer."""
    if not _may_read_metrics(request):
        answer = HttpResponse("A token is needed.\n", status=401, content_type=PLAIN_TEXT)
        answer["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return answer
    return HttpResponse(exposition(), content_type=PLAIN_TEXT)


def _may_read_metrics(request: HttpRequest) -> bool:
    token: str = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    return not token or hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


def _readiness(state: Readiness) -> HttpResponse:
    return _json(state.as_dict(), 200 if state.ready else 503)


def _json(body: dict[str, object], status: int) -> HttpResponse:
    answer = HttpResponse(orjson.dumps(body), status=status, content_type="application/json")
    answer["Cache-Control"] = "no-store"
    return answer
