"""Reads of doctors that other rooms use."""

from doctors.selectors.doctors import doctor_of, get_doctor, visible_to
from doctors.selectors.reasons import why_nobody

__all__ = ["doctor_of", "get_doctor", "visible_to", "why_nobody"]
