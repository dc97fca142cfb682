"""Who looks after cases that need a person of the clinic."""

from clinic.accounts.models import User
from clinic.core.roles import Role


def attendant_ids() -> list[int]:
    """Return the accounts of active agents and administrators."""
    return list(
        User.objects.filter(is_active=True, groups__name__in=[Role.CUSTOMER_SERVICE, Role.ADMIN])
        .distinct()
        .values_list("pk", flat=True)
    )
