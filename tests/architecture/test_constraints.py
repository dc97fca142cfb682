"""Each promise of the database has a name of its own and an error that clients understand."""

from django.apps import apps
from django.db.models import UniqueConstraint

from clinic.core.constraints import explained

ROOMS = ("clinic.", "doctors", "payments", "chat", "consultations", "appointments")
# Promises that triggers hold; they raise under a constraint's name.
TRIGGERS = frozenset({"ledger_balanced", "ledger_append_only", "ledger_balance_by_posting"})
# Promises that no client can touch: a breach there is a fault of ours.
INTERNAL = frozenset({"idempotency_once_per_key"})


def _constraints() -> dict[str, str]:
    found = {}
    for model in apps.get_models():
        if not model._meta.app_config.name.startswith(ROOMS):
            continue
        for constraint in model._meta.constraints:
            found[constraint.name] = f"{model._meta.label} {type(constraint).__name__}"
    return found


def test_explained_constraints_exist() -> None:
    names = set(_constraints())

    assert {name for name in explained() if name not in names} <= TRIGGERS


def test_unique_promises_are_explained() -> None:
    unexplained = sorted(
        constraint.name
        for model in apps.get_models()
        if model._meta.app_config.name.startswith(ROOMS)
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint)
        and constraint.name not in explained()
        and constraint.name not in INTERNAL
    )

    assert unexplained == []
