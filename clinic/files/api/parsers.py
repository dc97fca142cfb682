"""Multipart bodies of one file."""

from collections.abc import Mapping
from typing import IO, Any

from django.core.exceptions import SuspiciousOperation
from rest_framework.exceptions import ParseError
from rest_framework.parsers import MultiPartParser

from clinic.core.errors import MalformedRequestError
from clinic.files.errors import FileTooLargeError
from clinic.settings import rules

FORM_BYTES = 64 * 1024  # what a form adds to its file


class OneFileParser(MultiPartParser):
    """Reads a form with a file; one that is too long is refused before it is read."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return fields and file. Raises FileTooLargeError, MalformedRequestError."""
        request = (parser_context or {})["request"]
        if int(request.META.get("CONTENT_LENGTH") or 0) > rules.FILE_MAX_BYTES + FORM_BYTES:
            raise FileTooLargeError
        try:
            return super().parse(stream, media_type, parser_context)
        except (SuspiciousOperation, ParseError, ValueError, UnicodeError):
            raise MalformedRequestError from None
