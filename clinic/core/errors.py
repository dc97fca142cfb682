"""The one tree of errors that people and clients see. Clients branch on ``code``, never on text."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ClinicError(Exception):
    """Something the caller did or met that has a name.

    ``code`` is stable and documented; ``status`` is the HTTP status; ``message`` is a translatable
    sentence with named fields filled from ``fields``; ``extra`` goes into the problem document.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    message: ClassVar[str | Promise] = _("The request could not be done.")

    def __init__(self, *, extra: Mapping[str, Any] | None = None, **fields: Any) -> None:
        """Remember the fields of the message and what the client gets beside it."""
        super().__init__(self.code)
        self.fields = fields
        self.extra = dict(extra or {})

    @property
    def detail(self) -> str:
        """The sentence in the language that is active now."""
        return str(self.message) % self.fields if self.fields else str(self.message)

    @property
    def sentence(self) -> str:
        """What a page says: the sentences about fields at fault if there are any, else detail."""
        told = [one["detail"] for one in self.extra.get("errors", ()) if one["detail"]]
        return " ".join(told) or self.detail

    @property
    def retry_after(self) -> int | None:
        """Seconds after which trying again makes sense, or None."""
        value = self.extra.get("retry_after")
        return int(value) if value is not None else None


# What a field at fault is told when nobody said it better, by the code of the fault.
PLAIN_WORDS: Final[Mapping[str, str | Promise]] = {
    "required": _("Give this value."),
    "not_known": _("Nothing is known by this value. Choose another one."),
}
PLAIN_WORD: Final = _("This value cannot be used. Correct it and send again.")


class InvalidInputError(ClinicError):
    """A field has a value that cannot be used. ``errors`` lists attr, code, detail."""

    code = "invalid_input"
    status = 400
    message = _("Some fields are missing or wrong. Correct them and send again.")

    def __init__(
        self, attr: str = "", detail: str | Promise = "", *, code: str = "invalid"
    ) -> None:
        """Name the field at fault, as the client calls it, and say what would be right."""
        super().__init__(extra={"errors": []})
        if attr:
            self.list_faults([{"attr": attr, "code": code, "detail": str(detail)}])

    def list_faults(self, faults: Iterable[Mapping[str, str]]) -> None:
        """Tell these faults and no others; one without a sentence gets a plain one."""
        self.extra["errors"] = [
            {**fault, "detail": fault["detail"] or str(PLAIN_WORDS.get(fault["code"], PLAIN_WORD))}
            for fault in faults
        ]

    def rename(self, names: Mapping[str, str]) -> None:
        """Tell fields by other names, for a door that calls them differently."""
        self.list_faults(
            {**fault, "attr": names.get(fault["attr"], fault["attr"])}
            for fault in self.extra["errors"]
        )


class MalformedRequestError(ClinicError):
    """The bytes are no usable request: bad JSON, bad encoding, too deep."""

    code = "malformed_request"
    status = 400
    message = _("The request cannot be read. Send valid UTF-8 JSON.")


class PayloadTooLargeError(ClinicError):
    """The body is larger than this endpoint takes."""

    code = "payload_too_large"
    status = 413
    message = _("The request is too large. Send less at once.")


class NotAuthenticatedError(ClinicError):
    """Nobody is logged in, or the token is spent."""

    code = "not_authenticated"
    status = 401
    message = _("Log in first, or refresh the access token.")


class ForbiddenError(ClinicError):
    """The role may not do this at all."""

    code = "forbidden"
    status = 403
    message = _("Your account is not allowed to do this.")


class NotFoundError(ClinicError):
    """Not there, or not yours: both look the same."""

    code = "not_found"
    status = 404
    message = _("Nothing was found here. Check the address or the number.")


class ConflictError(ClinicError):
    """The state of the thing does not allow this now."""

    code = "conflict"
    status = 409
    message = _("This cannot be done now. Load the current state and try again.")


class IllegalTransitionError(ConflictError):
    """A state machine refused a move; ``extra`` carries state and allowed moves."""

    code = "illegal_transition"
    message = _("The state is “%(state)s”: this step is not possible.")

    def __init__(self, *, state: str, allowed: list[str], label: str | Promise = "") -> None:
        """Tell the state, by ``label`` in the reader's words, and the moves possible from it."""
        shown = label or state
        super().__init__(state=shown, extra={"state": state, "allowed": sorted(allowed)})


class DuplicateError(ConflictError):
    """A database promise says there can be only one."""

    code = "duplicate"
    message = _("This exists already.")


class ProtectedError(ConflictError):
    """Other things still depend on it."""

    code = "still_in_use"
    message = _("This is still in use and cannot be removed.")


class RateLimitedError(ClinicError):
    """Too many calls; ``extra['retry_after']`` is in seconds."""

    code = "rate_limited"
    status = 429
    message = _("Too many tries. Wait %(retry_after)s seconds and try again.")

    def __init__(self, *, retry_after: int) -> None:
        """Say when the next try is allowed."""
        super().__init__(retry_after=retry_after, extra={"retry_after": retry_after})


class UnavailableError(ClinicError):
    """A part the request needs is away for a moment; nothing was done."""

    code = "temporarily_unavailable"
    status = 503
    message = _("The service is briefly unavailable. Nothing was changed; try again.")

    def __init__(self, *, retry_after: int = 2) -> None:
        """Say when to try again, in seconds."""
        super().__init__(extra={"retry_after": retry_after})


class IdempotencyKeyReusedError(ClinicError):
    """The key came before with another body."""

    code = "idempotency_key_reused"
    status = 422
    message = _("This Idempotency-Key was used for a different request. Use a new key.")


class IdempotencyInProgressError(ConflictError):
    """The first call with this key still runs."""

    code = "idempotency_in_progress"
    message = _("The same request is still being done. Wait a moment and repeat it.")

    def __init__(self) -> None:
        """Suggest waiting one second."""
        super().__init__(extra={"retry_after": 1})


class IdempotencyKeyRequiredError(ClinicError):
    """This endpoint moves money, a place or a message and wants a key."""

    code = "idempotency_key_required"
    status = 400
    message = _("Send an Idempotency-Key header (1 to 255 visible ASCII characters).")
