"""What the chat does."""
