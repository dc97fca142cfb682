"""Who works with money in the console."""

from clinic.core.roles import Role

MONEY = frozenset({Role.ADMIN, Role.FINANCE})
SEES_BOOKS = MONEY | {Role.AUDITOR}
