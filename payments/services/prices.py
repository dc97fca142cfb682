"""Changing prices."""

from django.db import transaction

from payments.models import PriceRule


def add_price(rule: PriceRule) -> PriceRule:
    """Store a new price; the open-ended one before it ends when this one begins.

    IntegrityError ``price_rules_do_not_overlap`` when another price holds in its time.
    """
    with transaction.atomic():
        end_predecessor(rule)
        rule.save(force_insert=True)
    return rule


def end_predecessor(rule: PriceRule) -> int:
    """End the open-ended price of the same target that began earlier; return how many (0 or 1)."""
    if not rule.is_active:
        return 0
    return PriceRule.objects.filter(
        service=rule.service,
        scope=rule.scope,
        doctor_public_id=rule.doctor_public_id,
        level=rule.level,
        department_code=rule.department_code,
        is_active=True,
        valid_until=None,
        valid_from__lt=rule.valid_from,
    ).update(valid_until=rule.valid_from)
