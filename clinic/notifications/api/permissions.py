"""Who may do what with notices: everybody with his own."""

from clinic.core.policy import EVERY_ACCOUNT, declare

declare("notice", {"read": EVERY_ACCOUNT, "mark": EVERY_ACCOUNT})
