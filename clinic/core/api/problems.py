"""Every failure becomes one RFC 9457 problem document with a stable code."""

import logging
import re
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.db.models import ProtectedError as DjangoProtectedError
from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.views import set_rollback

from clinic.core import errors
from clinic.core.constraints import constraint_of, translate
from clinic.core.context import current_request_id

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
_DRF: tuple[tuple[type[Exception], type[errors.ClinicError]], ...] = (
    (drf.NotAuthenticated, errors.NotAuthenticatedError),
    (drf.AuthenticationFailed, errors.NotAuthenticatedError),
    (drf.PermissionDenied, errors.ForbiddenError),
    (PermissionDenied, errors.ForbiddenError),
    (drf.NotFound, errors.NotFoundError),
    (Http404, errors.NotFoundError),
    (drf.ParseError, errors.MalformedRequestError),
    (SuspiciousOperation, errors.MalformedRequestError),
    (DjangoProtectedError, errors.ProtectedError),
    (DataError, errors.MalformedRequestError),
    (OperationalError, errors.UnavailableError),
    (InterfaceError, errors.UnavailableError),
)


class MethodNotAllowedError(errors.ClinicError):
    """The address is right, the method is not."""

    code = "method_not_allowed"
    status = 405
    message = _("This address does not take this method.")


class UnsupportedMediaTypeError(errors.ClinicError):
    """The body is not JSON."""

    code = "unsupported_media_type"
    status = 415
    message = _("Send the body as application/json.")


class NotAcceptableError(errors.ClinicError):
    """The client wants a format that is not made here."""

    code = "not_acceptable"
    status = 406
    message = _("Only application/json is answered here.")


class ServerError(errors.ClinicError):
    """A fault of ours; the request id helps to find it."""

    code = "server_error"
    status = 500
    message = _("Something went wrong on our side. Try again, and tell us the request id.")


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception of a view into a problem response. Unknown ones return None (500)."""
    set_rollback()
    problem = as_clinic_error(error)
    if problem is None:
        return None
    request = context.get("request")
    return problem_response(problem, request.path if request is not None else "")


def as_clinic_error(error: Exception) -> errors.ClinicError | None:
    """Return the named error behind an exception, or None when it is a fault of ours."""
    if isinstance(error, errors.ClinicError):
        return error
    if isinstance(error, drf.ValidationError):
        return invalid_input(flatten(error.get_full_details()))
    if isinstance(error, DjangoValidationError):
        return invalid_input([{"attr": "", "code": "invalid", "detail": m} for m in error.messages])
    if isinstance(error, IntegrityError):
        log.warning("write refused", extra={"constraint": constraint_of(error)})
        return translate(error)
    if isinstance(error, drf.MethodNotAllowed):
        return MethodNotAllowedError()
    if isinstance(error, drf.UnsupportedMediaType):
        return UnsupportedMediaTypeError()
    if isinstance(error, drf.NotAcceptable):
        return NotAcceptableError()
    for kind, named in _DRF:
        if isinstance(error, kind):
            return named()
    return None


def invalid_input(found: list[dict[str, str]]) -> errors.InvalidInputError:
    """Return the error for a set of field errors (attr, code, detail)."""
    problem = errors.InvalidInputError()
    problem.list_faults(found)
    return problem


def title_of(error: errors.ClinicError) -> str:
    """Return the kind of error in a few words: its code in English, else the sentence's begin."""
    if (get_language() or "en").startswith("en"):
        return error.code.replace("_", " ").capitalize()
    return re.split("[，。；：、]", error.detail, maxsplit=1)[0]


def document(error: errors.ClinicError, instance: str) -> dict[str, Any]:
    """Return the body of a problem answer in the active language."""
    return {
        "type": f"/api/docs/errors/#{error.code}",
        "title": title_of(error),
        "status": error.status,
        "detail": error.detail,
        "instance": instance,
        "code": error.code,
        "request_id": current_request_id(),
        **error.extra,
    }


def problem_response(error: errors.ClinicError, instance: str) -> Response:
    """Return a DRF answer for an error, with Retry-After and WWW-Authenticate where due."""
    response = Response(document(error, instance), status=error.status, content_type=MEDIA_TYPE)
    _add_headers(error, response)
    return response


def _add_headers(error: errors.ClinicError, response: HttpResponse) -> None:
    if error.retry_after is not None:
        response["Retry-After"] = str(error.retry_after)
    if error.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="api"'


def flatten(details: Any, path: str = "") -> list[dict[str, str]]:
    """Turn DRF's nested details into a flat list; list items are named ``items.0.name``."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        attr = path.removesuffix(".non_field_errors")
        return [
            {
                "attr": "" if attr == "non_field_errors" else attr,
                "code": str(details["code"]),
                "detail": str(details["message"]),
            }
        ]
    if isinstance(details, dict):
        pairs = [(str(key), value) for key, value in details.items()]
    elif _is_leaf_list(details):
        pairs = [("", value) for value in details]
    else:
        pairs = [(str(index), value) for index, value in enumerate(details)]
    found: list[dict[str, str]] = []
    for key, value in pairs:
        found += flatten(value, ".".join(part for part in (path, key) if part))
    return found


def _is_leaf_list(details: Any) -> bool:
    return all(isinstance(item, dict) and set(item) == {"message", "code"} for item in details)
