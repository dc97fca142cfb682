"""Which doors and console screens show data of a patient: declared once, noted in one place.

Rooms know nothing of it. The room on top declares an ``Opening`` for each kind of thing; the base
of every endpoint and the base of every console screen note each of them in the audit log.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model

from clinic.core import audit
from clinic.core.actor import Actor

PatientOf = Callable[[Any], UUID | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """A kind of thing and the way from its row to the public id of the patient's account.

    ``patient`` is a path of the ORM, or a function of the row's key. ``doors`` are pairs of
    resource and verb whose address names the row by ``public_id``.
    """

    kind: str
    model: type[Model]
    patient: str | PatientOf
    doors: tuple[tuple[str, str], ...] = ()


_DOORS: Final[dict[tuple[str, str], Opening]] = {}
_SCREENS: Final[dict[type[Model], Opening]] = {}


def watch(opening: Opening) -> None:
    """Note every opening of these doors and of the model's console screen from now on."""
    for door in opening.doors:
        if door in _DOORS:
            raise ImproperlyConfigured(f"the door {door} is watched twice")
        _DOORS[door] = opening
    _SCREENS[opening.model] = opening


def watched_doors() -> frozenset[tuple[str, str]]:
    """Return the pairs of resource and verb whose reading is noted."""
    return frozenset(_DOORS)


def watched_models() -> frozenset[type[Model]]:
    """Return the models whose console screens are noted."""
    return frozenset(_SCREENS)


def kinds_in_words() -> dict[str, str]:
    """Return what each kind of thing is called."""
    return {one.kind: str(model._meta.verbose_name) for model, one in _SCREENS.items()}  # noqa: SLF001 documented


def note_door(actor: Actor, resource: str, verb: str, public_id: UUID | None) -> None:
    """Note that somebody opened a thing through the API; nothing for doors that are not watched."""
    opening = _DOORS.get((resource, verb))
    # Who is a patient alone sees his own: nothing to look up.
    if opening is not None and public_id is not None and audit.reader_role(actor):
        _note(opening, actor, {"public_id": public_id}, how=f"api.{verb}")


def note_screen(actor: Actor, model: type[Model], key: str) -> None:
    """Note that staff opened a row in the console; nothing for screens that are not watched."""
    opening = _SCREENS.get(model)
    if opening is not None and key.isdecimal() and len(key) < 19:
        _note(opening, actor, {"pk": int(key)}, how="console")


def _note(opening: Opening, actor: Actor, lookup: dict[str, Any], *, how: str) -> None:
    rows = opening.model._default_manager.filter(**lookup)  # noqa: SLF001 Django's public way
    if isinstance(opening.patient, str):
        found = rows.values_list("public_id", opening.patient).first()
    else:
        row = rows.values_list("public_id", "pk").first()
        found = (row[0], opening.patient(row[1])) if row else None
    if found is not None:
        audit.read(actor, opening.kind, found[0], patient=found[1], how=how)
