"""``manage.py relay``: hand stored facts to the workers."""

import signal
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext_lazy as _

from clinic.core import relay
from clinic.core.tasks import deliver_event


def _send(event_id: int) -> None:
    deliver_event.delay(event_id)


class Command(BaseCommand):
    """Runs until SIGTERM. Several may run: one leads, the others stand by."""

    help = str(_("Hand stored facts (outbox) to the Celery workers until stopped."))
    requires_system_checks = ()  # a second of a core to read models that the tests have read
    _stopping = False

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 given by Django
        """Relay until told to stop."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        relay.run(_send, stopping=lambda: self._stopping)

    def _stop(self, *_args: Any) -> None:
        self._stopping = True
