"""Writes the AsyncAPI document of the socket."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand

from clinic.core.terminal import refused, replaced
from clinic.realtime.asyncapi import document


class Command(BaseCommand):
    """Write docs/asyncapi.yaml from the registered commands and frames."""

    help = "Write docs/asyncapi.yaml from the registered commands and frames."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take another place to write to."""
        parser.add_argument("--output", default=str(settings.BASE_DIR / "docs" / "asyncapi.yaml"))

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file."""
        text = yaml.dump(document(), Dumper=_Plain, allow_unicode=True, sort_keys=False, width=100)
        path = Path(options["output"])
        try:
            with replaced(path) as target:
                target.write(text)
        except OSError as error:
            raise refused(error, path) from None


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 given by yaml
        """Repeat shared parts instead of pointing at them."""
        return True
