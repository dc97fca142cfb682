"""Ways from one console screen to another; a patient's name is masked."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html

from clinic.core.masking import mask_name


def row_link(screen: str, key: int, told: object) -> str:
    """Return the way to one row; ``screen`` is room and model, as in "accounts_user"."""
    address = reverse(f"admin:{screen}_change", args=[key])
    return format_html('<a class="console-link" href="{}">{}</a>', address, told)


def account_link(account: Any) -> str:
    """Return the way to a patient's account."""
    return row_link("accounts_user", account.pk, mask_name(account.name) or "…")
