"""What every HTTP endpoint stands on."""
