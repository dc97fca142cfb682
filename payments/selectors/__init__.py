"""Reads of money, one noun per file."""
