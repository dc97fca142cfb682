"""Who may do what with conversations: members only, whatever their roles."""

from clinic.core.policy import EVERY_ACCOUNT, declare

declare(
    "conversation",
    {"read": EVERY_ACCOUNT, "send": EVERY_ACCOUNT, "change": EVERY_ACCOUNT, "mark": EVERY_ACCOUNT},
)
