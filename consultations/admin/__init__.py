"""Console screens of consultations and the assignment board."""

from consultations.admin import board, figures, intakes, operations, screens

__all__ = ["board", "figures", "intakes", "operations", "screens"]
