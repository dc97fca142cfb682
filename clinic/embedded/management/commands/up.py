"""manage.py up: the whole clinic in one terminal."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from clinic.embedded import paths
from clinic.embedded.children import EVERY_HOST, LOCAL_HOST, UpOptions, web_workers_by_default
from clinic.embedded.console import Console
from clinic.embedded.errors import EmbeddedError
from clinic.embedded.supervisor import run_clinic

DEFAULT_PORT = 8000


class Command(BaseCommand):
    """Parses options, runs the supervisor, turns its errors into one sentence."""

    help = _(
        "Start PostgreSQL, Valkey, the gateway simulator, web and sockets, the worker, beat and "
        "the relay in this terminal, after bringing the database up to date. Ctrl-C stops all of "
        "it. With DATABASE_URL or REDIS_URL set, that server is used and none is started for it."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--port",
            type=_port,
            default=str(paths.environment_port("PORT", DEFAULT_PORT)),
            help=_("port of the site and its sockets (env PORT, default 8000)"),
        )
        parser.add_argument(
            "--host",
            choices=[LOCAL_HOST, EVERY_HOST],
            default=LOCAL_HOST,
            help=_("address to listen on; 0.0.0.0 lets other machines in (default 127.0.0.1)"),
        )
        parser.add_argument(
            "--sim-port",
            type=_port,
            default=os.environ.get("SIM_PORT") or None,
            help=_("port of the gateway simulator (env SIM_PORT, default: --port plus 1)"),
        )
        parser.add_argument(
            "--data-dir",
            type=Path,
            default=paths.data_dir(),
            help=_("folder of database, secrets and uploads (env DATA_DIR, default .data)"),
        )
        parser.add_argument(
            "--no-demo",
            action="store_true",
            help=_("do not load demo departments, doctors, patients and logins"),
        )
        parser.add_argument(
            "--web-workers",
            type=_count,
            default=os.environ.get("WEB_WORKERS") or web_workers_by_default(),
            help=_(
                "processes that serve HTTP and sockets (env WEB_WORKERS, default: one for each"
                " core, four at most)"
            ),
        )
        parser.add_argument(
            "--worker-threads",
            type=_count,
            default=4,
            help=_("threads of the task worker (default 4)"),
        )

    def handle(self, *_args: Any, **given: Any) -> None:
        """Run until stopped; every failure is one sentence and exit code 1."""
        options = UpOptions(
            data_dir=given["data_dir"].expanduser().resolve(),
            host=given["host"],
            port=given["port"],
            sim_port=given["sim_port"] or given["port"] + 1,
            has_demo=not given["no_demo"],
            web_workers=given["web_workers"],
            worker_threads=given["worker_threads"],
        )
        try:
            run_clinic(options, Console())
        except EmbeddedError as error:
            raise CommandError(error.translated(_)) from None
        except OSError as error:
            reason = {"reason": error.strerror, "path": error.filename or options.data_dir}
            raise CommandError(
                _("The system refused (%(reason)s) at %(path)s: check space and rights there.")
                % reason
            ) from None


def _port(text: str) -> int:
    """Parse a port; 65535 is left out because the simulator takes the next one."""
    port = int(text)
    if not 0 < port < 65535:
        raise ValueError(text)
    return port


def _count(text: str) -> int:
    """Parse a number of at least one."""
    count = int(text)
    if count < 1:
        raise ValueError(text)
    return count


_port.__name__ = "port"
_count.__name__ = "count"
