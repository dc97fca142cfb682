"""What a file is, read from its bytes alone."""
