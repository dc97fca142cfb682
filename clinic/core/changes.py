"""Versions that the database kept of a row, told as changes in words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.admin.utils import display_for_field
from django.db.models import ForeignKey, Model, OuterRef, QuerySet, Subquery
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.core.actor_names import names_of
from clinic.core.money import display_fen

LABELS: Final = {"insert": _("created"), "update": _("changed")}
NOTHING: Final = "-"
UNTOLD: Final = frozenset({"id", "public_id", "created_at"})


@dataclass(frozen=True, kw_only=True)
class Naming:
    """How a kind of row is named in its history, and which of its values are nobody's to read."""

    name: Callable[[Any], str] = str
    related: tuple[str, ...] = ()  # what the name reads of other rows
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field with its values before and after, as shown to people."""

    field: str
    before: str
    after: str


_NAMINGS: dict[type[Model], Naming] = {}


def name_by(model: type[Model], naming: Naming) -> None:
    """Say once, where the room's screens are declared, how its rows are named."""
    _NAMINGS[model] = naming


def with_former(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the versions with the key of each one's former and with what is shown of them."""
    model: Any = rows.model
    earlier = model.objects.filter(
        pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id")
    ).order_by("-pgh_id")
    named = (f"pgh_obj__{name}" for name in _naming(rows.model).related)
    shown = ("pgh_obj", "pgh_context", *named, *_relations(rows.model))
    former = Subquery(earlier.values("pgh_id")[:1])
    found: QuerySet[Any] = rows.select_related(*shown).annotate(former_id=former)
    return found


def told(rows: list[Any]) -> list[Any]:
    """Give each version of ``with_former`` its ``told_changes`` and ``told_actor``; two queries."""
    if not rows:
        return rows
    model: Any = type(rows[0])
    keys = [row.former_id for row in rows if row.former_id]
    relations = _relations(model)
    formers = (model.objects.select_related(*relations) if relations else model.objects).in_bulk(
        keys
    )
    labels = {row: _label(row) for row in rows}
    names = names_of(label for label in labels.values() if label)
    for row in rows:
        row.told_changes = changes_between(formers.get(row.former_id), row)
        row.told_actor = names.get(labels[row], "")
    return rows


def name_of(row: Any) -> str:
    """Return what the version is of; a removed row is told by its number."""
    thing = row.pgh_obj
    return _naming(type(row)).name(thing) if thing else f"#{row.pgh_obj_id}"


def changes_between(former: Any | None, row: Any) -> list[Change]:
    """Return the fields that differ; of a first version those that hold something."""
    hidden = _naming(type(row)).hidden
    found = []
    for field in type(row)._meta.fields:  # noqa: SLF001 Django's name
        if field.name.startswith("pgh_") or field.name in UNTOLD:
            continue
        before = getattr(former, field.attname) if former else None
        after = getattr(row, field.attname)
        if before == after or (former is None and after in ("", [], None)):
            continue
        is_hidden = field.name in hidden
        found.append(
            Change(
                field=capfirst(str(field.verbose_name)),
                before=_shown(field, former, is_hidden=is_hidden),
                after=_shown(field, row, is_hidden=is_hidden),
            )
        )
    return found


def _shown(field: Any, row: Any | None, *, is_hidden: bool) -> str:
    value = None if row is None else getattr(row, field.attname)
    if value in (None, "", []):
        return NOTHING
    if is_hidden:
        return "***"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if field.name.endswith("_fen"):
        return display_fen(value)
    if isinstance(field, ForeignKey):
        return str(getattr(row, field.name))
    if isinstance(value, list):
        words = dict(field.base_field.flatchoices)
        return ", ".join(str(words.get(item, item)) for item in value)
    return str(display_for_field(value, field, NOTHING))


def _label(row: Any) -> str:
    metadata = row.pgh_context.metadata if row.pgh_context else {}
    return str(metadata.get("actor", ""))


def _naming(model: Any) -> Naming:
    tracked: Any = model._meta.get_field("pgh_obj").related_model  # noqa: SLF001
    return _NAMINGS.get(tracked, Naming())


def _relations(model: Any) -> list[str]:
    return [
        field.name
        for field in model._meta.fields  # noqa: SLF001
        if isinstance(field, ForeignKey) and not field.name.startswith("pgh_")
    ]
