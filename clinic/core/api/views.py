"""The base of every endpoint: policy first, validated input only, one error form."""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, Final, TypeVar

import orjson
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.utils.http import parse_etags
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer
from rest_framework.views import APIView

from clinic.core import idempotency, openings, policy, ratelimit
from clinic.core.actor import ANONYMOUS, Actor
from clinic.core.api.inputs import validated
from clinic.core.api.negotiation import JsonNegotiation
from clinic.core.api.pagination import page_of
from clinic.core.api.parsers import MAX_BYTES, StrictJSONParser, read_json
from clinic.core.api.query import validated_query
from clinic.core.api.renderers import FastJSONRenderer
from clinic.core.company import leave
from clinic.core.errors import (
    ClinicError,
    ForbiddenError,
    MalformedRequestError,
    NotAuthenticatedError,
    NotFoundError,
)
from clinic.core.metrics import AUTHZ_DENIED
from clinic.core.statements import Read, Row, rows_of

ModelT = TypeVar("ModelT", bound=Model)
COUNTED: Final = "clinic.is_counted"  # in what the server says of a request; no header is named so


class ApiView(APIView):
    """An endpoint. Subclasses name their row of the policy table and write one method per verb.

    ``resource`` and ``verbs`` ({"GET": "read"}) choose the policy row; ``rate`` is a limit such as
    "60/m" per account (or address when public); ``idempotent`` wants an Idempotency-Key on POST and
    runs the method in one transaction with its stored answer, ``run_once`` names another way,
    ``is_at_once`` says that ``at_once`` may do all of it by one statement; ``together`` names the
    methods whose requests are short and may share a thread with others of the moment (``company``);
    ``errors`` lists what it may raise, for the documents; ``query_serializer_class`` names the only
    query parameters it takes.
    """

    resource: ClassVar[str] = ""
    verbs: ClassVar[dict[str, str]] = {}
    rate: ClassVar[str] = "120/m"
    idempotent: ClassVar[bool] = False
    refuses_unknown_fields: ClassVar[bool] = False  # of bodies; queries always do
    is_at_once: ClassVar[bool] = False
    together: ClassVar[frozenset[str]] = frozenset()  # methods carried with others of the moment
    run_once: ClassVar[Callable[..., idempotency.Answer]] = staticmethod(idempotency.once)
    errors: ClassVar[tuple[type[ClinicError], ...]] = ()
    query_serializer_class: ClassVar[type[Serializer[Any]] | None] = None
    content_negotiation_class = JsonNegotiation
    format_kwarg: Any = None  # no address ends in a format

    actor: Actor = ANONYMOUS  # who calls, once he is known
    came_ahead: list[Row] | None = None
    _allowed: ClassVar[dict[type, str]] = {}  # methods of each class, for the header Allow

    def read_ahead(self, request: Request) -> Read | None:  # noqa: ARG002 for subclasses
        """Return a read that PostgreSQL shall answer together with the question who calls.

        Asked before policy, limits and validation have spoken, so it must refuse nothing; what it
        found is used after them, by ``row_ahead``. For hot reads: a round trip is a third of them.
        """
        return None

    def row_ahead(self) -> Row | None:
        """Return the row of ``read_ahead``, None for none; read now when nobody is logged in."""
        if self.came_ahead is None:
            read = self.read_ahead(self.request)
            self.came_ahead = rows_of(read.statement, *read.values) if read else []
        return self.came_ahead[0] if self.came_ahead else None

    def body_ahead(self, request: Request) -> dict[str, Any]:
        """Return the body for ``read_ahead``; empty for what is no object in plain JSON.

        It is parsed once: what is read here is what ``request.data`` holds. A body that the parser
        refuses is left to it, which says so when its turn comes.
        """
        kind = str(request.META.get("CONTENT_TYPE", "")).partition(";")[0]
        if kind.strip() != StrictJSONParser.media_type:
            return {}
        try:
            if not 0 < int(request.META.get("CONTENT_LENGTH") or 0) <= MAX_BYTES:
                return {}
            found = read_json(request._request.body)  # noqa: SLF001 before DRF reads it
        except (ValueError, OSError, MalformedRequestError):
            return {}
        if not isinstance(found, dict):
            return {}
        setattr(request, "_full_data", found)  # noqa: B010 what ``data`` keeps there
        return found

    def at_once(
        self,
        request: Request,  # noqa: ARG002 for subclasses
        ticket: idempotency.Ticket,  # noqa: ARG002
    ) -> idempotency.Answer | None:
        """Do a POST by one statement that keeps its answer too; None or a refusal to do it by post.

        It must do all or nothing. Who repeats a request comes through here as well, and is
        answered later, by what was kept.
        """
        return None

    @property
    def default_response_headers(self) -> dict[str, str]:
        """Return the headers of every answer of this view."""
        kind = type(self)
        if kind not in self._allowed:
            self._allowed[kind] = ", ".join(self.allowed_methods)
        return {"Allow": self._allowed[kind]}

    def perform_authentication(self, request: Request) -> None:
        """Find out who calls. Raises NotAuthenticatedError for a bad log-in, not for none."""
        if isinstance(request.auth, Actor):
            self.actor = request.auth

    def check_permissions(self, request: Request) -> None:
        """Apply the policy table before anything else."""
        method = str(request.method)
        verb = self.verbs.get("GET" if method == "HEAD" else method)
        if verb is None:
            return
        try:
            policy.check(self.actor, self.resource, verb)
        except (ForbiddenError, NotAuthenticatedError):
            AUTHZ_DENIED.labels(resource=self.resource).inc()
            raise

    def check_throttles(self, request: Request) -> None:
        """Count the call under the endpoint's limit, once when it begins anew (``company``)."""
        if COUNTED in request.META:
            return
        who = str(self.actor.public_id or client_address(request))
        ratelimit.limit(f"api.{type(self).__name__}", who, self.rate)
        request.META[COUNTED] = True

    def input(self, serializer_class: type[Serializer[Any]]) -> dict[str, Any]:
        """Return the validated body. Raises a field error list as 400."""
        return validated(
            serializer_class,
            self.request.data,
            self.get_serializer_context(),
            refuses_unknown_fields=self.refuses_unknown_fields,
        )

    def query(self) -> dict[str, Any]:
        """Return the validated query parameters; unknown ones are a 400."""
        return validated_query(self.request, self.query_serializer_class)

    def get_serializer_context(self) -> dict[str, Any]:
        """Give serializers the request and the actor."""
        return {"request": self.request, "actor": self.actor}

    def page(
        self, rows: QuerySet[ModelT, Any], serializer_class: type[BaseSerializer[Any]]
    ) -> Response:
        """Answer one numbered page of rows: {count, page, page_size, results}."""
        return page_of(self.query(), rows, serializer_class, self.get_serializer_context())

    def initial(self, request: Request, *_args: Any, **_kwargs: Any) -> None:
        """Judge a request: format, log-in, policy, limit, and parameters where none are taken.

        The steps of DRF in its order; the API has no versions and no suffixes to look for.
        """
        chosen = self.perform_content_negotiation(request)
        request.accepted_renderer, request.accepted_media_type = chosen
        self.perform_authentication(request)
        self.check_permissions(request)
        self.check_throttles(request)
        if self.query_serializer_class is None:
            validated_query(request, None)
        if self.idempotent and request.method == "POST":
            self.post_once: Callable[..., Response] = getattr(self, "post")  # noqa: B009 per verb
            setattr(self, "post", self._post_idempotent)  # noqa: B010 per verb

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        """Note who opened what of a patient before the answer leaves."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if request.method in {"GET", "HEAD"} and answer.status_code < 400:
            verb = self.verbs.get("GET", "")
            openings.note_door(self.actor, self.resource, verb, self.kwargs.get("public_id"))
        return answer

    def _post_idempotent(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        def work() -> idempotency.Answer:
            response = self.post_once(request, *args, **kwargs)
            return idempotency.Answer(
                response.status_code, FastJSONRenderer().render(response.data)
            )

        asked: dict[str, Any] = {
            "user_id": self.actor.user_id or 0,
            "operation": f"POST {request.path}"[:200],
            "key": request.META.get("HTTP_IDEMPOTENCY_KEY"),
            "request": _fingerprint(request),
        }
        answer = self._tried(request, asked) if self.is_at_once else None
        if answer is None:
            leave()
        return _made(answer or self.run_once(**asked, work=work))

    def _tried(self, request: Request, asked: dict[str, Any]) -> idempotency.Answer | None:
        try:
            return idempotency.at_once(**asked, work=partial(self.at_once, request))
        except (ClinicError, APIException):
            return None  # said again in the long way, unless it was answered before


def _made(answer: idempotency.Answer) -> HttpResponse:
    """Return the stored JSON as it is."""
    made = HttpResponse(
        answer.content, status=answer.status, content_type=FastJSONRenderer.media_type
    )
    if not answer.content:
        del made["Content-Type"]
    if answer.replayed:
        made["Idempotency-Replayed"] = "true"
    return made


def _fingerprint(request: Request) -> bytes:
    return orjson.dumps(request.data, option=orjson.OPT_SORT_KEYS)


def json_answer(body: dict[str, Any]) -> HttpResponse:
    """Return an answer that is JSON already: hot reads have nothing left to negotiate or render."""
    return HttpResponse(FastJSONRenderer().render(body), content_type=FastJSONRenderer.media_type)


def fresh_answer(request: Request, body: Any) -> HttpResponse:
    """Return JSON with an ETag, or 304 without a body to who has the same already."""
    return fresh_content(request, FastJSONRenderer().render(body), FastJSONRenderer.media_type)


def etag_of(content: bytes) -> str:
    """Return the ETag of content: a digest of its bytes."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def fresh_content(
    request: Request, content: bytes, content_type: str, etag: str = ""
) -> HttpResponse:
    """Return content with its ETag, or 304 without a body to who has the same already."""
    etag = etag or etag_of(content)
    is_known = etag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))
    answer = (
        HttpResponse(status=304) if is_known else HttpResponse(content, content_type=content_type)
    )
    answer["ETag"] = etag
    answer["Cache-Control"] = "no-cache"  # may be kept, asked again each time
    return answer


def get_or_404(rows: QuerySet[ModelT, Any], **lookup: Any) -> ModelT:
    """Return the matching row or raise NotFoundError: not there and not yours look equal."""
    found: ModelT | None = rows.filter(**lookup).first()
    if found is None:
        raise NotFoundError
    return found


def client_address(request: Request) -> str:
    """Return the caller's address, proxies of ours already seen through (TRUSTED_PROXY_HOPS)."""
    return str(request.META.get("REMOTE_ADDR", ""))
