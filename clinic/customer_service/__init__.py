"""Customer service: who waits for an agent, who serves whom, and the desk they work at."""
