"""Which price holds."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from payments.enums import PriceScope
from payments.errors import PriceNotSetError
from payments.models import PriceRule

TEXT_CONSULTATION = "text_consultation"
_NARROWEST_FIRST = (
    PriceScope.DOCTOR,
    PriceScope.LEVEL,
    PriceScope.DEPARTMENT,
    PriceScope.GLOBAL,
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
    target = Q(scope=PriceScope.GLOBAL)
    if query.doctor_public_id:
        target |= Q(scope=PriceScope.DOCTOR, doctor_public_id=query.doctor_public_id)
    if query.level:
        target |= Q(scope=PriceScope.LEVEL, level=query.level)
    if query.department_code:
        target |= Q(scope=PriceScope.DEPARTMENT, department_code=query.department_code)
    rows = PriceRule.objects.filter(
        target, service=query.service, is_active=True, valid_from__lte=now
    ).filter(Q(valid_until=None) | Q(valid_until__gt=now))
    return {rule.scope: rule for rule in rows}
