"""Which price holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from clinic.core.statements import Statement, rows_of
from payments.enums import PriceScope
from payments.errors import PriceNotSetError
from payments.models import PriceRule

TEXT_CONSULTATION = "text_consultation"
PHONE_CONSULTATION = "phone_consultation"
_NARROWEST_FIRST = (
    PriceScope.DOCTOR,
    PriceScope.LEVEL,
    PriceScope.DEPARTMENT,
    PriceScope.GLOBAL,
)
# Rules name what they are for, so a question without a doctor, level or department meets none.
RULES: Final = Statement(
    "payments_price_rules",
    ("text", "uuid", "text", "text", "timestamptz"),
    """
    WITH asked AS MATERIALIZED (
      SELECT %s AS service, %s AS doctor, %s AS level, %s AS department, %s AS moment
    )
    SELECT r.scope, r.id, r.amount_fen, r.valid_until
    FROM asked JOIN payments_pricerule r ON r.service = asked.service
    WHERE r.is_active AND r.valid_from <= asked.moment
      AND (r.valid_until IS NULL OR r.valid_until > asked.moment)
      AND CASE r.scope WHEN 'global' THEN true
        WHEN 'doctor' THEN r.doctor_public_id = asked.doctor
        WHEN 'level' THEN r.level = asked.level
        WHEN 'department' THEN r.department_code = asked.department END
    """,
)


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
    rules = _rules_for(query, now)
    for scope in _NARROWEST_FIRST:
        rule = rules.get(scope)
        if rule is not None:
            return Price(
                amount_fen=rule.amount_fen,
                source=scope.value,
                rule_id=rule.pk,
                valid_until=rule.valid_until,
            )
    raise PriceNotSetError


def _rules_for(query: PriceQuery, now: datetime) -> dict[str, PriceRule]:
    rows = rows_of(
        RULES, query.service, query.doctor_public_id, query.level, query.department_code, now
    )
    return {
        scope: PriceRule.known(scope=scope, id=pk, amount_fen=amount_fen, valid_until=until)
        for scope, pk, amount_fen, until in rows
    }
