"""Shapes of files."""

from typing import Any

from rest_framework import serializers

from clinic.files.enums import FileKind, Scan
from clinic.files.models import StoredFile
from clinic.files.purposes import PURPOSES


class PurposeField(serializers.ChoiceField):
    """One of the purposes that the rooms above have declared by now."""

    def __init__(self, **kwargs: Any) -> None:
        """Read them when the field is made: after all rooms are there."""
        super().__init__(choices=sorted(PURPOSES), **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Read them again: a serializer that is used again was made before the last one."""
        self.choices = sorted(PURPOSES)
        purpose: str = super().to_internal_value(data)
        return purpose


class UploadSerializer(serializers.Serializer[Any]):
    """A file and what it is for."""

    file = serializers.FileField(allow_empty_file=True, max_length=1000)
    purpose = PurposeField(default="chat")


class FileSerializer(serializers.ModelSerializer[StoredFile]):
    """A stored file; kind and media type are read from its bytes."""

    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(choices=FileKind.choices)
    scan = serializers.ChoiceField(choices=Scan.choices)

    class Meta:
        model = StoredFile
        fields = (
            *("id", "purpose", "kind", "mime", "name", "size", "sha256", "width", "height"),
            *("duration_ms", "scan", "created_at"),
        )
