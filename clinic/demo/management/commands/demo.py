"""``manage.py demo``: the main job against the running server, as separate clients."""

import asyncio
import json
import time
from argparse import ArgumentParser
from typing import Any

import httpx2
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.live import Live
from rich.text import Text

from clinic.demo.checking import breaches
from clinic.demo.http import ApiError
from clinic.demo.seeding import Login, is_sandbox
from clinic.demo.story import play
from clinic.demo.tally import Tally


class Command(BaseCommand):
    """Exit code 0 when every promise held, 1 otherwise."""

    help = "Play the main job and the desk against the running server; check the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the size of the play."""
        parser.add_argument("--patients", type=int, default=40, help=_("how many patients come"))
        parser.add_argument("--doctors", type=int, default=6, help=_("how many doctors work"))
        parser.add_argument(
            "--customers", type=int, default=12, help=_("how many ask customer service meanwhile")
        )
        parser.add_argument("--seed", type=int, default=None, help=_("repeat a behaviour"))
        parser.add_argument("--url", default=settings.PUBLIC_BASE_URL, help=_("server address"))

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 given by Django
        """Play, show the table, check, and say whether all held."""
        if not is_sandbox():
            raise CommandError(_("The demo pays with play money: run it in the sandbox only."))
        if not (1 <= options["patients"] <= 500 and 1 <= options["doctors"] <= 8):
            raise CommandError(_("Choose 1 to 500 patients and 1 to 8 doctors."))
        if not 0 <= options["customers"] <= 300:
            raise CommandError(_("Choose 0 to 300 customers."))
        logins = self._logins()
        self._check_server(options["url"])
        console, tally = Console(), Tally()
        with Live(console=console, refresh_per_second=4, transient=True) as live:
            self._play(options, logins, tally, live)
        console.print(tally.table())
        if options["customers"]:
            console.print(tally.desk_table())
        self._judge(console, breaches(tally))

    def _logins(self) -> list[Login]:
        path = settings.DATA_DIR / "demo_logins.json"
        if not path.exists():
            raise CommandError(
                _(
                    "There is no demo data in %(folder)s: start script/server first. If it runs "
                    "with a data folder of its own, set the same DATA_DIR here."
                )
                % {"folder": settings.DATA_DIR}
            )
        return [Login(**row) for row in json.loads(path.read_text(encoding="utf-8"))]

    def _check_server(self, url: str) -> None:
        for address in (f"{url}/health/ready", f"{settings.WECHATPAY_BASE_URL}/healthz"):
            try:
                httpx2.get(address, timeout=5).raise_for_status()
            except httpx2.HTTPError:
                raise CommandError(
                    _("%(address)s does not answer: start script/server in another terminal first.")
                    % {"address": address}
                ) from None

    def _play(self, options: dict[str, Any], logins: list[Login], tally: Tally, live: Live) -> None:
        started = time.monotonic()
        doctors = [login for login in logins if login.role == "doctor"][: options["doctors"]]
        agents = [login for login in logins if login.role == "customer_service"]

        def progress() -> None:
            live.update(Text(f"{time.monotonic() - started:5.0f} s  {tally.line}"))

        try:
            asyncio.run(
                play(
                    base_url=options["url"],
                    gateway_url=settings.WECHATPAY_BASE_URL,
                    control_token=settings.GATEWAY_KEYS.control_token,
                    doctors=doctors,
                    patients=options["patients"],
                    agents=agents if options["customers"] else [],
                    customers=options["customers"],
                    seed=options["seed"] if options["seed"] is not None else time.time_ns(),
                    tally=tally,
                    progress=progress,
                )
            )
        except (ApiError, httpx2.HTTPError) as error:
            raise CommandError(_("The demo could not begin: %(why)s") % {"why": error}) from error

    def _judge(self, console: Console, found: list[str]) -> None:
        if not found:
            console.print(_("All promises held."), style="bold green")
            return
        for line in found[:30]:
            console.print(f"- {line}", style="red", markup=False)
        raise CommandError(_("%(count)s promises broken.") % {"count": len(found)})
