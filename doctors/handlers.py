"""What doctors do when something happens elsewhere."""
