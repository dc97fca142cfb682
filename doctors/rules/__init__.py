"""Pure rules of doctors: no database, no clock."""

from doctors.rules.duty import Opening, Stretch, Wanted, opening, overlapping

__all__ = ["Opening", "Stretch", "Wanted", "opening", "overlapping"]
