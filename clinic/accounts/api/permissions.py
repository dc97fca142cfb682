"""Who may do what with accounts."""

from clinic.core.policy import EVERY_ACCOUNT, EVERYBODY, declare

AUTH = "auth"
ACCOUNT = "account"

declare(
    AUTH,
    {
        "send_code": EVERYBODY,
        "register": EVERYBODY,
        "log_in": EVERYBODY,
        "refresh": EVERYBODY,
        "log_out": EVERY_ACCOUNT,
        "change_password": EVERY_ACCOUNT,
        "list_sessions": EVERY_ACCOUNT,
        "revoke_session": EVERY_ACCOUNT,
    },
)
declare(ACCOUNT, dict.fromkeys(("read", "change", "delete"), EVERY_ACCOUNT))
