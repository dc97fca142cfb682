"""Reads of visit persons that other rooms use."""

from clinic.patients.selectors.persons import (
    default_person,
    everybody,
    id_number_context,
    masked_id_number,
    persons_of,
    visible_to,
)

__all__ = [
    "default_person",
    "everybody",
    "id_number_context",
    "masked_id_number",
    "persons_of",
    "visible_to",
]
