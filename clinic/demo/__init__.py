"""Demo data and the main job as separate clients play it."""
