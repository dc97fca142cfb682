"""Console screens of complaints and quality."""

from clinic.complaints.admin import figures, quality, tickets

__all__ = ["figures", "quality", "tickets"]
