"""Reads of customer service."""
