"""Raw clients of outside services: no ORM, no settings, configuration passed in."""
