"""What can be done with a consultation, one module per noun."""
