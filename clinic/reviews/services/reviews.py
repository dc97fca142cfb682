"""Writing, changing and answering reviews."""
