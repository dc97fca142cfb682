"""What can be done with relations."""
