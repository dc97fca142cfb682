"""``manage.py beat``: the one clock of the house, with stand-bys."""

import logging
import time
from typing import Any

from django.core.management.base import BaseCommand

from clinic.celery import app
from clinic.core.leadership import Leadership

log = logging.getLogger(__name__)
LOCK_KEY = 0x62656174  # "beat"
STAND_BY_SECONDS = 5.0


class Command(BaseCommand):
    """Starts Celery beat when this process holds the advisory lock; waits for it otherwise."""

    help = "Run Celery beat under a database lock; further copies stand by and take over."
    requires_system_checks = ()  # a second of a core to read models that the tests have read

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 given by Django
        """Wait for the lock, then run beat until the process is stopped."""
        leadership = Leadership(LOCK_KEY)
        while not leadership.acquire():
            time.sleep(STAND_BY_SECONDS)
        leadership.stop_process_when_lost()
        beat = app.Beat(
            scheduler="django_celery_beat.schedulers:DatabaseScheduler",
            loglevel="WARNING",
            pidfile=None,
            quiet=True,
        )
        beat.run()
