"""Rivals with one code, on real connections."""

import pytest
from django.db import connection

from clinic.accounts.errors import WrongSecondFactorError
from clinic.accounts.models import RecoveryCode, User
from clinic.accounts.services import second_factors
from clinic.accounts.services.second_factors import (
    begin_setup,
    confirm_setup,
    prove_second_factor,
)
from clinic.core.clock import now
from clinic.settings import rules
from tests.accounts.factors import App
from tests.cast import Member
from tests.doctors.rivals import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
RIVALS = 4


@pytest.fixture
def app(an: Member) -> App:
    """The administrator's authenticator app."""
    app = App(begin_setup(user=an.user, house="test").secret)
    early = now() - rules.SECOND_FACTOR_STEP
    app.codes = confirm_setup(
        user=an.user, code=app.code(early), present="", by=an.actor, now=early
    )
    return app


def _prove(user: User, code: str) -> str:
    try:
        prove_second_factor(user=user, code=code, now=now())
    except WrongSecondFactorError as error:
        return error.code
    return "in"


def test_of_rivals_with_one_recovery_code_one_comes_in(an: Member, app: App) -> None:
    answers = together(RIVALS, lambda _number: _prove(an.user, app.codes[0]))

    assert sorted(answers) == ["in", *["wrong_second_factor"] * (RIVALS - 1)]
    assert RecoveryCode.objects.exclude(used_at=None).count() == 1


def test_without_the_condition_all_of_them_come_in(
    an: Member, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: who reads first and writes later lets everybody in who read meanwhile."""

    def read_then_write(pk: int, moment: object) -> bool:
        is_free = RecoveryCode.objects.filter(pk=pk, used_at=None).exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.2)")
        RecoveryCode.objects.filter(pk=pk).update(used_at=moment)
        return is_free

    monkeypatch.setattr(second_factors, "take_code", read_then_write)

    answers = together(RIVALS, lambda _number: _prove(an.user, app.codes[0]))

    assert answers.count("in") > 1


def test_of_rivals_with_one_code_of_the_app_one_comes_in(an: Member, app: App) -> None:
    code = app.code()

    answers = together(RIVALS, lambda _number: _prove(an.user, code))

    assert sorted(answers) == ["in", *["wrong_second_factor"] * (RIVALS - 1)]
