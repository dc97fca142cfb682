"""Who may work at the desk: staff of customer service and administrators with a row as agent."""

from clinic.core.policy import Reach, Rights, declare
from clinic.core.roles import Role

AT_DESK: Rights = {Role.CUSTOMER_SERVICE: Reach.ASSIGNED, Role.ADMIN: Reach.ALL}
PREPARED: Rights = {Role.CUSTOMER_SERVICE: Reach.ASSIGNED, Role.ADMIN: Reach.ASSIGNED}
OWN: Rights = {Role.CUSTOMER_SERVICE: Reach.OWN, Role.ADMIN: Reach.OWN}

declare(
    "desk",
    {
        "read": AT_DESK,
        "work": AT_DESK,
        "use": PREPARED,
        "keep": OWN,
        "supervise": AT_DESK,
    },
)
