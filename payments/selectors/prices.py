"""Which price holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from clinic.core.statements import Statement, rows_of
from payments.enums import PriceScope
from payments.errors import PriceNotSetError

TEXT_CONSULTATION = "text_consultation"
PHONE_CONSULTATION = "phone_consultation"
_NARROWEST_FIRST = (
    PriceScope.DOCTOR,
    PriceScope.LEVEL,
    PriceScope.DEPARTMENT,
    PriceScope.GLOBAL,
)


def coming(*, service: str, doctor: str, level: str, department: str, moment: str) -> str:
    """Return FROM and WHERE of the rules ``r`` for what is named that hold or will, in SQL.

    Rules name what they are for, so a question without a doctor, level or department meets none.
    """
    return f"""
    FROM payments_pricerule r
    WHERE r.service = {service} AND r.is_active
      AND (r.valid_until IS NULL OR r.valid_until > {moment})
      AND CASE r.scope WHEN 'global' THEN true
        WHEN 'doctor' THEN r.doctor_public_id = {doctor}
        WHEN 'level' THEN r.level = {level}
        WHEN 'department' THEN r.department_code = {department} END"""


COLUMNS: Final = "r.scope, r.id, r.amount_fen, r.valid_until"
RULES: Final = Statement(
    "payments_price_rules",
    ("text", "uuid", "text", "text", "timestamptz"),
    f"""
    WITH asked AS MATERIALIZED (
      SELECT %s AS service, %s AS doctor, %s AS level, %s AS department, %s AS moment
    )
    SELECT rule.* FROM asked CROSS JOIN LATERAL (SELECT {COLUMNS} {
        coming(service="asked.service", doctor="asked.doctor", level="asked.level",
               department="asked.department", moment="asked.moment")
    } AND r.valid_from <= asked.moment) rule
    """,  # noqa: S608 put together from constants
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class PriceQuery:
    """What is to be priced. ``doctor_override_fen`` is the price a doctor set for himself."""

    service: str
    doctor_public_id: UUID | None = None
    doctor_override_fen: int | None = None
    level: str | None = None
    department_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class Price:
    """An amount and where it comes from: "doctor", "level", "department" or "global".

    ``valid_until`` is when a rule that has an end stops to hold.
    """

    amount_fen: int
    source: str
    rule_id: int | None = None
    valid_until: datetime | None = None


def resolve_price(query: PriceQuery, *, now: datetime) -> Price:
    """Return the narrowest price: own price, doctor, level, department, global.

    Raises PriceNotSetError.
    """
    if query.doctor_override_fen is not None:
        return Price(amount_fen=query.doctor_override_fen, source=PriceScope.DOCTOR.value)
    rows = rows_of(
        RULES, query.service, query.doctor_public_id, query.level, query.department_code, now
    )
    return narrowest(rows)


def narrowest(rules: Iterable[Sequence[Any]]) -> Price:
    """Return the price of the narrowest of rules, each with the values of COLUMNS.

    Raises PriceNotSetError when there is none.
    """
    by_scope = {rule[0]: rule for rule in rules}
    for scope in _NARROWEST_FIRST:
        if scope in by_scope:
            _scope, pk, amount_fen, valid_until = by_scope[scope]
            return Price(
                amount_fen=amount_fen, source=scope.value, rule_id=pk, valid_until=valid_until
            )
    raise PriceNotSetError
