"""Complaints about care, their deadlines and outcomes, and the quality of doctors."""
