"""Names as the desk shows them: in the reader's language, customers masked."""

from typing import Any
from uuid import UUID

from django.utils.functional import lazy
from django.utils.translation import get_language

from clinic.core.masking import mask_name, mask_phone


def in_language(zh: str, en: str) -> str:
    """Return the one of the active language."""
    return zh if (get_language() or "zh").startswith("zh") else en


bilingual = lazy(in_language, str)


def team_of(public_id: UUID, code: str, zh: str, en: str) -> dict[str, Any]:
    """Return a team as clients see it."""
    return {"id": public_id, "code": code, "name": bilingual(zh, en)}


def customer_of(public_id: UUID, name: str, phone: str | None, side: str) -> dict[str, Any]:
    """Return a customer as the desk sees him: masked."""
    return {"id": public_id, "name": mask_name(name), "phone": mask_phone(phone), "side": side}


def tag_of(key: int, zh: str, en: str, colour: str) -> dict[str, Any]:
    """Return a tag as clients see it."""
    return {"id": key, "name": bilingual(zh, en), "colour": colour}
