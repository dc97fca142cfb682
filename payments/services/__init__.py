"""Use cases of money, one noun per file."""
