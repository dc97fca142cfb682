"""What can be done with visit persons."""
