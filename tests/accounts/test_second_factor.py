"""The second factor of staff: at the console, at the API, lost and reset."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings
from rest_framework.test import APIClient

from clinic.accounts.enums import ResetWhy
from clinic.accounts.models import DeviceSession, RecoveryCode, SecondFactor, User
from clinic.accounts.services.accounts import anonymise_account
from clinic.accounts.services.second_factors import reset_second_factor
from clinic.accounts.tokens import TICKET_AUDIENCE, issue_access
from clinic.core.clock import now
from clinic.core.errors import ForbiddenError
from clinic.core.models import AuditEntry
from clinic.core.roles import Role
from clinic.notifications.models import Notice
from clinic.settings import base, rules
from tests.accounts.conftest import get_code, post
from tests.accounts.factors import (
    OWN,
    PASSWORD,
    PROVE,
    SET_UP,
    app_of,
    browser,
    codes_on,
    enrol,
    give_password,
    is_in,
)
from tests.cast import Member, make_member

pytestmark = pytest.mark.django_db
STEP = rules.SECOND_FACTOR_STEP
STAFF_DOOR = "/api/v1/users"


@pytest.fixture(autouse=True)
def _required(settings: Settings) -> None:
    """As in production."""
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands until it is moved."""
    with time_machine.travel(now(), tick=False) as moved:
        yield moved


def _first_step(member: Member) -> Any:
    return post("auth/login", {"phone": member.user.phone, "password": PASSWORD})


def _second_step(ticket: str, code: str) -> Any:
    return post("auth/second-factor", {"ticket": ticket, "code": code, "device": "desk"})


def _with(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def test_production_requires_it_and_the_sandbox_does_not() -> None:
    assert base.SECOND_FACTOR_REQUIRED is rules.SECOND_FACTOR_REQUIRED is True


def test_staff_sets_it_up_at_the_first_log_in_and_proves_it_at_the_next(
    an: Member, clock: time_machine.Traveller, run_events: Callable[[], int]
) -> None:
    first, second = browser(), browser()
    onward = reverse("admin:accounts_user_changelist")

    sent = give_password(first, an.user, onward=onward)
    half = (is_in(first), first.get(PROVE).url)
    page = first.get(sent.url)
    app = app_of(page)
    wrong = first.post(sent.url, {"code": app.wrong()})
    done = first.post(sent.url, {"code": app.code()})
    clock.shift(STEP)
    asked = give_password(second, an.user, onward=onward)
    around = second.get(SET_UP)
    passed = second.post(asked.url, {"code": app.code()})
    run_events()

    assert sent.url.startswith(SET_UP)
    assert half == (False, f"{SET_UP}?")
    assert "data:image/svg+xml" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert "next one of the new app" in wrong.content.decode()
    assert len(set(codes_on(done))) == rules.RECOVERY_CODES
    assert onward in done.content.decode()
    assert (asked.url.startswith(PROVE), around.url.startswith(PROVE)) == (True, True)
    assert (passed.status_code, passed.url) == (302, onward)
    assert (is_in(first), is_in(second)) == (True, True)
    stored = SecondFactor.objects.get()
    assert app.secret not in stored.secret_sealed
    assert AuditEntry.objects.filter(verb="second_factor.set").count() == 1
    assert Notice.objects.get(user=an.user).kind == "second_factor_set"


def test_a_secret_that_somebody_else_saw_before_is_never_the_one_that_counts(an: Member) -> None:
    thief, owner = browser(), browser()

    give_password(thief, an.user)
    seen = app_of(thief.get(SET_UP))
    give_password(owner, an.user)
    drawn, again = app_of(owner.get(SET_UP)), app_of(owner.get(SET_UP))
    with_the_seen = owner.post(SET_UP, {"code": seen.code()})
    done = owner.post(SET_UP, {"code": drawn.code()})

    assert seen.secret != drawn.secret == again.secret
    assert codes_on(with_the_seen) == []
    assert len(codes_on(done)) == rules.RECOVERY_CODES


def test_a_code_is_taken_once_and_only_within_the_drift_of_clocks(
    an: Member, clock: time_machine.Traveller
) -> None:
    app = enrol(browser(), an)
    clock.shift(10 * STEP)
    here = now()

    answers = []
    for code in (
        app.code(here - 2 * STEP),  # too old
        app.code(here + 2 * STEP),  # of a clock far ahead
        app.code(here),
        app.code(here),  # seen over somebody's shoulder
        app.code(here - STEP),  # older than one that was taken
        app.code(here + STEP),
    ):
        ticket = _first_step(an).json()["ticket"]
        answers.append(_second_step(ticket, code).status_code)

    assert answers == [400, 400, 200, 400, 400, 200]


def test_after_five_wrong_codes_the_right_one_waits_a_quarter_of_an_hour(
    an: Member, clock: time_machine.Traveller
) -> None:
    app, client = enrol(browser(), an), browser()
    clock.shift(2 * STEP)
    give_password(client, an.user)
    for _ in range(5):
        client.post(PROVE, {"code": app.wrong()})

    locked = client.post(PROVE, {"code": app.code()})
    with translation.override("en"):
        told = _second_step(_first_step(an).json()["ticket"], app.codes[0])
    clock.shift(timedelta(minutes=15))
    give_password(client, an.user)
    client.post(PROVE, {"code": app.code()})

    assert "Too many wrong codes. Wait 15 minutes" in locked.content.decode()
    assert (told.status_code, told.json()["code"]) == (429, "second_factor_locked")
    assert told.json()["retry_after"] <= 901
    assert is_in(client)


def test_wrong_codes_are_counted_over_the_day_too(
    an: Member, clock: time_machine.Traveller
) -> None:
    app = enrol(browser(), an)
    answers = []
    for _round in range(5):
        clock.shift(timedelta(minutes=16))
        ticket = _first_step(an).json()["ticket"]
        answers += [_second_step(ticket, app.wrong()).status_code for _ in range(5)]

    assert answers == [400] * 20 + [429] * 5


def test_a_recovery_code_opens_once_however_it_is_written_and_is_told(
    an: Member, clock: time_machine.Traveller, run_events: Callable[[], int]
) -> None:
    app, client = enrol(browser(), an), browser()
    give_password(client, an.user)

    client.post(PROVE, {"code": app.codes[0].lower().replace("-", " ")})
    again = _second_step(_first_step(an).json()["ticket"], app.codes[0])
    run_events()

    assert is_in(client)
    assert (again.status_code, again.json()["code"]) == (400, "wrong_second_factor")
    assert not RecoveryCode.objects.filter(code_hash__contains=app.codes[1][:5]).exists()
    entry = AuditEntry.objects.get(verb="second_factor.recovery_code")
    assert (entry.actor, entry.note) == (an.actor.label, {"left": 9})
    notice = Notice.objects.filter(user=an.user).latest("pk")
    assert (notice.kind, notice.params) == ("recovery_code_used", {"count": 9})


def test_staff_makes_new_recovery_codes_and_changes_the_phone(
    an: Member, clock: time_machine.Traveller
) -> None:
    client = browser()
    old = enrol(client, an)
    for _code in old.codes[:8]:
        RecoveryCode.objects.filter(used_at=None)[:1].get().delete()
    clock.shift(2 * STEP)

    refused = client.post(OWN, {"act": "renew", "code": old.wrong()})
    renewed = codes_on(client.post(OWN, {"act": "renew", "code": old.code()}))
    clock.shift(2 * STEP)
    new = app_of(client.get(OWN))
    stolen = client.post(OWN, {"act": "set-up", "present": old.wrong(), "code": new.code()})
    changed = client.post(OWN, {"act": "set-up", "present": old.code(), "code": new.code()})
    stays = is_in(client)
    clock.shift(2 * STEP)
    ticket = _first_step(an).json()["ticket"]
    answers = [_second_step(ticket, code) for code in (old.code(), renewed[0], new.code())]

    assert "wrong or was used" in refused.content.decode()
    assert len(set(renewed) - set(old.codes)) == rules.RECOVERY_CODES
    assert "wrong or was used" in stolen.content.decode()
    assert (len(codes_on(changed)), stays) == (rules.RECOVERY_CODES, True)
    assert [answer.status_code for answer in answers] == [400, 400, 200]


def test_a_token_of_staff_wants_both_steps(an: Member, clock: time_machine.Traveller) -> None:
    bare = _first_step(an)
    app = enrol(browser(), an)
    clock.shift(2 * STEP)

    first = _first_step(an)
    done = _second_step(first.json()["ticket"], app.code())
    clock.shift(2 * STEP)
    by_code = post(
        "auth/login-by-code",
        {"phone": an.user.phone, "code": get_code(str(an.user.phone), "login")},
    )
    also = _second_step(by_code.json()["ticket"], app.code())

    assert (bare.status_code, bare.json()["code"]) == (403, "second_factor_not_set_up")
    assert (first.status_code, first.json()["code"]) == (401, "second_factor_needed")
    assert first.json()["expires_in"] == 300
    assert "access_token" not in first.json()
    assert _with(first.json()["ticket"]).get("/api/v1/me").status_code == 401
    assert (done.status_code, also.status_code) == (200, 200)
    assert _with(done.json()["access_token"]).get(STAFF_DOOR).status_code == 200
    assert (
        DeviceSession.objects.get(public_id=done.json()["session_id"]).second_factor_at
        == now() - 2 * STEP
    )


def test_patients_and_doctors_come_in_as_before(lin: Member) -> None:
    doctor = make_member("沈一鸣", Role.DOCTOR)

    answers = [_first_step(lin), _first_step(doctor)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert lin.client.get("/api/v1/notices").status_code == 200


def test_a_token_from_before_the_role_gives_no_rights_of_staff(
    lin: Member, settings: Settings
) -> None:
    """A patient who becomes staff: his phone is still logged in by a message alone."""
    from clinic.accounts.services.roles import grant_role
    from clinic.core.actor import system_actor

    grant_role(user=lin.user, role=Role.ADMIN, by=system_actor("test"))

    proven_not = lin.client.get(STAFF_DOOR)
    as_patient = lin.client.get("/api/v1/notices")
    settings.SECOND_FACTOR_REQUIRED = False
    not_required = lin.client.get(STAFF_DOOR)

    assert (proven_not.status_code, as_patient.status_code) == (403, 200)
    assert not_required.status_code == 200


def test_console_log_ins_from_before_it_was_required_are_over(
    an: Member, settings: Settings
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    client = browser()
    give_password(client, an.user)
    before = is_in(client)

    settings.SECOND_FACTOR_REQUIRED = True

    assert (before, is_in(client)) == (True, False)


@pytest.mark.parametrize("kind", ["invented", "old", "access", "other_key", "password"])
def test_a_ticket_is_ours_fresh_and_of_this_password(
    an: Member, clock: time_machine.Traveller, kind: str
) -> None:
    app = enrol(browser(), an)
    clock.shift(2 * STEP)
    ticket = _first_step(an).json()["ticket"]
    match kind:
        case "invented":
            ticket = "x.y.z"
        case "old":
            clock.shift(rules.SECOND_STEP_WITHIN + timedelta(seconds=1))
        case "access":
            ticket = issue_access(an.public_id, uuid4(), now())
        case "other_key":
            claims = jwt.decode(
                ticket, django_settings.JWT_KEY, algorithms=["HS256"], audience=TICKET_AUDIENCE
            )
            ticket = jwt.encode(claims, "another-key-of-thirty-two-letters", algorithm="HS256")
        case _:
            an.user.set_password("Other-Word-1")
            an.user.save()

    answer = _second_step(ticket, app.code())

    assert (answer.status_code, answer.json()["code"]) == (401, "second_step_over")


def test_a_colleague_s_code_opens_nothing_and_neither_does_half_a_request(
    an: Member, bao: Member, lin: Member, clock: time_machine.Traveller
) -> None:
    enrol(browser(), an)
    app = enrol(browser(), bao)
    clock.shift(2 * STEP)
    ticket = _first_step(an).json()["ticket"]

    foreign = [_second_step(ticket, code) for code in (app.code(), app.codes[0])]
    halves = [
        post("auth/second-factor", body, token=lin.token)
        for body in ({"ticket": ticket}, {"code": app.code()}, {"ticket": ticket, "code": "1" * 21})
    ]

    assert [answer.json()["code"] for answer in foreign] == ["wrong_second_factor"] * 2
    assert [answer.status_code for answer in halves] == [400] * 3
    assert RecoveryCode.objects.filter(used_at=None).count() == 2 * rules.RECOVERY_CODES


def test_pages_of_the_second_step_lead_strangers_to_the_first() -> None:
    client = browser()

    answers = [client.get(path) for path in (PROVE, SET_UP)]
    own = client.get(OWN)

    assert [answer.url for answer in answers] == ["/admin/login/"] * 2
    assert own.url.startswith("/admin/login/")


def test_an_administrator_resets_a_lost_one_and_everything_ends(
    an: Member, bao: Member, clock: time_machine.Traveller, run_events: Callable[[], int]
) -> None:
    client, chief = browser(), browser()
    app = enrol(client, bao)
    enrol(chief, an)
    clock.shift(2 * STEP)
    token = _second_step(_first_step(bao).json()["ticket"], app.code()).json()["access_token"]
    step = reverse("admin:accounts_user_step", args=[bao.user.pk, "reset-second-factor"])

    told = chief.post(step, {"reason": "stolen"}, follow=True)
    run_events()

    assert "Done: Reset the second factor" in told.content.decode()
    assert (is_in(client), _with(token).get("/api/v1/me").status_code) == (False, 401)
    assert not SecondFactor.objects.filter(user=bao.user).exists()
    entry = AuditEntry.objects.get(verb="second_factor.reset")
    assert (entry.actor, entry.note) == (an.actor.label, {"reason": "stolen"})
    assert Notice.objects.filter(user=bao.user).latest("pk").kind == "second_factor_reset"
    bao.user.refresh_from_db()
    assert give_password(client, bao.user).url.startswith(SET_UP)


def test_nobody_resets_his_own_and_none_but_administrators_another_s(
    an: Member, bao: Member, lin: Member
) -> None:
    chief = browser()
    enrol(chief, an)
    enrol(browser(), bao)
    own = reverse("admin:accounts_user_step", args=[an.user.pk, "reset-second-factor"])

    page = chief.post(own, {"reason": "lost"}, follow=True)
    for by in (bao, lin):
        with pytest.raises(ForbiddenError):
            reset_second_factor(user_id=an.user.pk, by=by.actor, reason=ResetWhy.LOST, now=now())
    wrong = chief.post(own.replace(str(an.user.pk), str(bao.user.pk)), {"reason": "because"})

    assert "cannot reset your own second factor" in page.content.decode()
    assert wrong.status_code == 302
    assert SecondFactor.objects.filter(confirmed_at__isnull=False).count() == 2


def test_the_command_helps_when_nobody_can_log_in(
    an: Member, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> None:
    app = enrol(browser(), an)
    ticket = _first_step(an).json()["ticket"]
    for _ in range(6):
        locked = _second_step(ticket, app.wrong())

    def run(phone: str) -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{phone}\n"))
        out = io.StringIO()
        with translation.override("en"):
            call_command("reset_second_factor", reason="locked", stdout=out)
        return out.getvalue()

    done = run(str(an.user.phone))

    assert locked.status_code == 429
    assert done.strip() == f"reset: {an.public_id}"
    assert AuditEntry.objects.get(verb="second_factor.reset").actor == "system:reset_second_factor"
    for phone, sentence in (
        ("12", "no valid mobile number"),
        ("13900139000", "no account with this phone"),
        (str(an.user.phone), "has no second factor: nothing was taken"),
    ):
        with pytest.raises(CommandError, match=sentence):
            run(phone)
    enrol(browser(), an)  # not locked any more


def test_who_leaves_takes_his_second_factor_along(an: Member) -> None:
    chief = make_member("另一位", Role.ADMIN, is_staff=True)
    enrol(browser(), an)
    User.objects.get(pk=an.user.pk).groups.clear()

    anonymise_account(user_id=an.user.pk, by=chief.actor, now=now())

    assert not SecondFactor.objects.filter(user=an.user).exists()


def test_the_screen_shows_who_has_one_and_no_secret(an: Member) -> None:
    client = browser()
    app = enrol(client, an)
    factor = SecondFactor.objects.get()

    rows = client.get(reverse("admin:accounts_secondfactor_changelist"))
    row = client.get(reverse("admin:accounts_secondfactor_change", args=[factor.pk]))

    for page in (rows, row):
        assert page.status_code == 200
        assert app.secret not in page.content.decode()
        assert factor.secret_sealed not in page.content.decode()


def test_without_the_rule_who_has_one_is_asked_all_the_same(
    an: Member, bao: Member, settings: Settings, clock: time_machine.Traveller
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    client = browser()
    give_password(client, an.user)
    app = app_of(client.get(OWN))

    client.post(OWN, {"act": "set-up", "code": app.code()})

    assert is_in(client)
    assert _first_step(an).json()["code"] == "second_factor_needed"
    assert _first_step(bao).status_code == 200
