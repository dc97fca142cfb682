"""Who may do what with files: upload for oneself, read what a room shows."""

from clinic.core.policy import EVERY_ACCOUNT, declare

declare("file", {"upload": EVERY_ACCOUNT, "read": EVERY_ACCOUNT})
