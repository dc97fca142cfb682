"""What `up` shows: lines with the name of their process, and one READY block."""

import io
import sys
from typing import Any, TextIO

from django.utils.translation import gettext as _

from clinic.embedded.children import UpOptions
from clinic.embedded.files import read_json

NAME_WIDTH = 10
BOLD = 1
GREY = 90


class Console:
    """Writes whole lines to one stream, coloured only when a person looks at it."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        if isinstance(self._stream, io.TextIOWrapper):
            # A terminal without Chinese shows question marks instead of ending the clinic.
            self._stream.reconfigure(errors="replace")
        self._has_colour = self._stream.isatty()

    def line(self, name: str, text: str, colour: int = GREY) -> None:
        """Write one line under the name of its process."""
        prefix = self._paint(f"{name:<{NAME_WIDTH}}|", colour)
        self._write(f"{prefix} {text}")

    def ready(self, options: UpOptions, seconds: float) -> None:
        """Write the READY line with the addresses, then the demo logins when there are any."""
        addresses = " ".join([options.url, f"{options.url}admin/", f"{options.url}api/docs/"])
        text = _("READY in %(seconds).1f s: %(addresses)s  gateway simulator: %(simulator)s") % {
            "seconds": seconds,
            "addresses": addresses,
            "simulator": options.simulator_url,
        }
        self._write(self._paint(text, BOLD))
        for login in _logins(options):
            self._write(
                f"  {login['role']:<17} {login['phone']:<15} {login['password']:<18} "
                f"{login['name']}"
            )
        self._write(_("Ctrl-C stops everything."))

    def _write(self, text: str) -> None:
        try:
            print(text, file=self._stream, flush=True)
        except OSError:
            # The terminal or the pager is gone; the clinic itself goes on until it is stopped.
            return

    def _paint(self, text: str, colour: int) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._has_colour else text


def _logins(options: UpOptions) -> list[dict[str, Any]]:
    known = read_json(options.data_dir / "demo_logins.json") if options.has_demo else None
    wanted = {"role", "name", "phone", "password"}
    return [login for login in known or [] if wanted <= login.keys()]
