"""What runs about a visit person: rooms above declare how to ask, this room asks."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Matter:
    """A sort of thing that rests on who a person is; ``runs`` takes the key of the person."""

    name: str
    runs: Callable[[int], bool]


MATTERS: dict[str, Matter] = {}


def declare_matter(matter: Matter) -> None:
    """Let a sort of thing hold persons. Raises ImproperlyConfigured when declared twice."""
    if matter.name in MATTERS:
        raise ImproperlyConfigured(f"matter {matter.name} is declared twice")
    MATTERS[matter.name] = matter


def has_running_matter(person_id: int) -> bool:
    """Say whether anything runs. It holds while the caller keeps account and person locked."""
    return any(matter.runs(person_id) for matter in MATTERS.values())
