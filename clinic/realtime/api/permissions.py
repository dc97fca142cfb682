"""Who may do what with sockets."""

from clinic.core.policy import EVERY_ACCOUNT, declare

declare("socket", {"open": EVERY_ACCOUNT})
