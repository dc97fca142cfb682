"""Who works on complaints."""

from typing import Final

from django.db.models import QuerySet

from clinic.accounts.models import User
from clinic.core.roles import Role

HANDLERS: Final = frozenset({Role.ADMIN, Role.CUSTOMER_SERVICE})
SUPERVISORS: Final = frozenset({Role.ADMIN})


def handlers() -> QuerySet[User]:
    """Return the active accounts that may take a complaint."""
    return _holders(HANDLERS)


def supervisors() -> QuerySet[User]:
    """Return the active accounts that are told when promises stay missed."""
    return _holders(SUPERVISORS)


def _holders(roles: frozenset[Role]) -> QuerySet[User]:
    rows = User.objects.filter(is_active=True, groups__name__in=roles)
    return rows.only("public_id").distinct()
