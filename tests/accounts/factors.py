"""Staff with an authenticator app, as the tests hold it in the hand."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyotp
from django.test import Client

from clinic.accounts.models import User
from clinic.core.clock import now
from tests.cast import Member

PASSWORD = "Cast-2026"  # of every member of the cast
LOGIN = "/admin/login/"
PROVE = "/admin/second-factor/"
SET_UP = "/admin/second-factor/set-up/"
OWN = "/admin/second-factor/own/"


@dataclass
class App:
    """An authenticator app and the recovery codes on paper."""

    secret: str
    codes: list[str] = field(default_factory=list)

    def code(self, moment: datetime | None = None) -> str:
        """Return the code that the app shows."""
        return str(pyotp.TOTP(self.secret).at(moment or now()))

    def wrong(self) -> str:
        """Return six digits that are no code of now, before or after."""
        app, here = pyotp.TOTP(self.secret), pyotp.TOTP(self.secret).timecode(now())
        right = {app.generate_otp(here + drift) for drift in (-1, 0, 1)}
        return next(text for text in ("000000", "111111", "222222", "333333") if text not in right)


def browser() -> Client:
    """Return a browser that is not logged in, in English."""
    return Client(headers={"Accept-Language": "en"})


def give_password(client: Client, user: User, *, onward: str = "/admin/") -> Any:
    """Do the first step; the answer leads to the second one."""
    told = {"username": user.phone, "password": PASSWORD}
    return client.post(f"{LOGIN}?next={onward}", told)


def app_of(page: Any) -> App:
    """Read the secret from the page, as an app reads its QR code."""
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page.content.decode())
    assert found, page.content.decode()[:500]
    return App(found[1].replace(" ", ""))


def codes_on(page: Any) -> list[str]:
    """Read the recovery codes from the page that shows them once."""
    return re.findall(r"<li><code>([A-Z0-9-]+)</code></li>", page.content.decode())


def enrol(client: Client, member: Member, moment: datetime | None = None) -> App:
    """Set a second factor up by password, page and code; the browser is logged in then."""
    give_password(client, member.user)
    app = app_of(client.get(SET_UP))
    page = client.post(SET_UP, {"code": app.code(moment)})
    app.codes = codes_on(page)
    member.user.refresh_from_db()
    return app


def is_in(client: Client) -> bool:
    """Say whether the browser is logged in to the console."""
    return bool(client.get("/admin/").status_code == 200)
