"""Who may do what as a customer, and through the addresses of the source document."""

from clinic.core.policy import EVERYBODY, Reach, Rights, declare
from clinic.core.roles import Role

SERVICE_CHAT = "service_chat"
LEFT_MESSAGE = "left_message"
TEAM = "service_team"

CUSTOMER: Rights = {Role.PATIENT: Reach.OWN, Role.DOCTOR: Reach.OWN}
AGENT: Rights = {Role.CUSTOMER_SERVICE: Reach.ASSIGNED}

declare(
    SERVICE_CHAT,
    {
        "open": CUSTOMER,
        "read": CUSTOMER,
        "end": CUSTOMER,
        "rate": CUSTOMER,
        "send": CUSTOMER,
        "mark": CUSTOMER,
        "leave": CUSTOMER,
        "answer": AGENT,
        "finish": AGENT,
    },
)
declare(LEFT_MESSAGE, {"write": CUSTOMER, "read": CUSTOMER})
declare(TEAM, {"read": EVERYBODY})
