"""Is the process alive, and can it do its work?"""

from dataclasses import dataclass, field
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from clinic.core.clock import now
from clinic.core.jobs import did_beat_run


@dataclass(frozen=True, slots=True)
class Readiness:
    """``ready`` decides the status code; ``degraded`` names helpers that are away."""

    ready: bool
    degraded: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return the body of the health answer."""
        status = "ok" if self.ready and not self.degraded else "degraded" if self.ready else "down"
        return {"status": status, "degraded": self.degraded, "problems": self.problems}


def readiness() -> Readiness:
    """Check the database (must answer, migrated), Redis and the clock of jobs (may be away)."""
    problems = database_problems()
    degraded = [] if redis_answers() else ["redis"]
    if not problems and did_beat_run(now()) is False:
        degraded.append("beat")
    return Readiness(ready=not problems, degraded=degraded, problems=problems)


def database_problems() -> list[str]:
    """Return what keeps the database from serving; empty when all is well."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return ["database"]
    return ["migrations"] if pending else []


def redis_answers() -> bool:
    """Say whether Redis answers within half a second."""
    try:
        client = redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5
        )
        with client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
