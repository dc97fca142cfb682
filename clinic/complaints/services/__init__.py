"""What is done with complaints and with what they say about doctors."""
