"""Names of database promises and the errors that clients get when one refuses a write."""

from django.db import IntegrityError

from clinic.core.errors import ClinicError, DuplicateError

_ERRORS: dict[str, type[ClinicError]] = {}


def explain(constraint: str, error: type[ClinicError]) -> None:
    """Give a constraint the error that it stands for."""
    _ERRORS[constraint] = error


def constraint_of(error: BaseException) -> str:
    """Return the name of the constraint behind a database error; empty when there is none.

    Only the name leaves this function: the text of the error can hold a person's data.
    """
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def translate(error: IntegrityError) -> ClinicError:
    """Return the named error for a refused write."""
    return _ERRORS.get(constraint_of(error), DuplicateError)()


def explained() -> dict[str, type[ClinicError]]:
    """Return all constraint names that have an error of their own."""
    return dict(_ERRORS)
