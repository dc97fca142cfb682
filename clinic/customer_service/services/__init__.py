"""What can be done at the desk: one function per use case."""
