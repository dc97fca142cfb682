"""The front desk's page: who may open it, and what it is handed over."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from clinic.core.roles import Role
from tests.cast import Member, make_member
from tests.console.conftest import browser

pytestmark = pytest.mark.django_db
DESK = "/admin/front-desk/"
STATIC = Path(settings.BASE_DIR) / "clinic" / "static"
SHARED = ("api.js", "times.js", "toast.js", "dom.js")  # of the other desk, used here as well


def _setup(client: Client) -> dict[str, Any]:
    page = client.get(DESK).content.decode()
    found = re.search(
        r'<script id="desk-setup" type="application/json">(.*?)</script>', page, re.DOTALL
    )
    assert found
    return dict(json.loads(found.group(1)))


def test_staff_open_the_desk_and_auditors_only_watch(bao: Member, an: Member) -> None:
    auditor = make_member("审计", Role.AUDITOR, is_staff=True)

    assert _setup(browser(bao.user))["mayWork"] is True
    assert _setup(browser(an.user))["mayWork"] is True
    assert _setup(browser(auditor.user))["mayWork"] is False
    assert 'id="walk-in"' not in browser(auditor.user).get(DESK).content.decode()


def test_others_stay_outside(lin: Member, bao: Member) -> None:
    finance = make_member("财务", Role.FINANCE, is_staff=True)

    assert browser(finance.user).get(DESK).status_code == 403
    assert browser(lin.user).get(DESK).status_code == 302
    assert DESK in browser(bao.user).get("/admin/").content.decode()
    assert DESK not in browser(finance.user).get("/admin/").content.decode()


def test_the_page_runs_and_loads_nothing_but_its_own(bao: Member) -> None:
    page = browser(bao.user).get(DESK)

    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page.content.decode())
    assert not re.search(r"\son\w+=|\sstyle=", page.content.decode())


def test_the_words_are_complete_in_both_languages(bao: Member) -> None:
    english = _setup(browser(bao.user))["words"]
    chinese = _setup(browser(bao.user, "zh-hans"))["words"]
    files = [*(STATIC / "front_desk").glob("*.js"), *(STATIC / "desk" / name for name in SHARED)]
    texts = [path.read_text() for path in files]
    said = {key for text in texts for key in re.findall(r"\bsay\(\"([^\"]+)\"", text)}
    said |= {"accept", "checkIn", "start", "finish", "noShow", "takeOffer", "leaveOffer"}

    assert said - english.keys() == set()
    assert english.keys() - said == set()
    bare = {key: re.sub(r"{\w+}", "", word) for key, word in chinese.items()}
    assert {key for key, word in bare.items() if re.search("[A-Za-z]{3}", word)} == set()


def test_scripts_never_make_markup_of_text() -> None:
    for path in (STATIC / "front_desk").glob("*.js"):
        text = path.read_text()
        for danger in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert danger not in text, f"{path.name}: {danger}"
