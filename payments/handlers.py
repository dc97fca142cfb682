"""What this room does after its own facts."""
