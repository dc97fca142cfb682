"""Console screens of consultations and the assignment board."""

from consultations.admin import board, figures, screens

__all__ = ["board", "figures", "screens"]
