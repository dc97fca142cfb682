"""The words of one kind of notice."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Template:
    """Title and body of a notice; named fields are filled from its parameters."""

    title: str | Promise
    body: str | Promise
