"""The project package and the home of every platform app."""
