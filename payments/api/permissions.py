"""Who may do what with money."""

from clinic.core import policy
from clinic.core.policy import PATIENT_OWN, Reach, Rights
from clinic.core.roles import Role

_MONEY_STAFF: Rights = {Role.FINANCE: Reach.ALL, Role.ADMIN: Reach.ALL}
_SEES: Rights = {
    **PATIENT_OWN,
    **_MONEY_STAFF,
    Role.CUSTOMER_SERVICE: Reach.ALL,
    Role.AUDITOR: Reach.ALL,
}

policy.declare(
    "order", {"list": PATIENT_OWN, "read": _SEES, "pay": PATIENT_OWN, "cancel": PATIENT_OWN}
)
policy.declare("refund", {"list": _SEES, "request": _MONEY_STAFF, "accept": PATIENT_OWN})
policy.declare("refund_request", {"list": _SEES, "ask": PATIENT_OWN})
policy.declare("balance", {"read": PATIENT_OWN, "top_up": PATIENT_OWN})
