"""PostgreSQL, Valkey and every process of the clinic on one machine, started by one command."""
