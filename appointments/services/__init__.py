"""What can be done with appointments: one function per use case."""
