"""Refusals of a choice that say what there is to choose from."""

from typing import Any, Final

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

LISTED: Final = 30  # longer lists are read in the documents


def check(serializer: serializers.Serializer[Any]) -> None:
    """Raise ValidationError for what a serializer refuses; a wrong choice names the right ones."""
    try:
        serializer.is_valid(raise_exception=True)
    except ValidationError as refused:
        raise ValidationError(_told(serializer, refused.detail)) from None


def _told(field: Any, faults: Any) -> Any:
    """Return the faults of a field, and of the fields in it, with the choices beside them."""
    if isinstance(faults, dict):
        return {name: _told(_part(field, name), fault) for name, fault in faults.items()}
    if not isinstance(faults, list):
        return faults
    if isinstance(field, serializers.ChoiceField):
        return [_with_choices(field, fault) for fault in faults]
    return [_told(getattr(field, "child", None), fault) for fault in faults]


def _part(field: Any, name: Any) -> Any:
    if isinstance(field, serializers.Serializer):
        return field.fields.get(name)
    return getattr(field, "child", None)


def _with_choices(field: serializers.ChoiceField, fault: ErrorDetail) -> ErrorDetail:
    words = [str(key) for key in field.choices if key != ""]
    if fault.code != "invalid_choice" or len(words) > LISTED:
        return fault
    told = _("%(fault)s Choose one of: %(choices)s.")
    return ErrorDetail(told % {"fault": fault, "choices": ", ".join(words)}, fault.code)
