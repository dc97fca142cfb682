"""The yearly list of holidays is taken over as a whole or not at all."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

import doctors
from clinic.core.clock import clinic_day, now
from clinic.core.models import OutboxEvent
from clinic.customer_service.models import TeamDay
from doctors.models import Branch, CalendarDay
from tests.customer_service.past import make_team

LIST_2026 = Path(doctors.__file__).parent / "holidays" / "2026.csv"


def _import(tmp_path: Path, text: str) -> None:
    file = tmp_path / "days.csv"
    file.write_text(text, encoding="utf-8")
    call_command("import_holidays", str(file))


def test_the_list_of_2026_is_stored_for_all_teams(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with override("en"):
        call_command("import_holidays", str(LIST_2026))
    told = capsys.readouterr().out
    assert "39 days stored." in told
    assert "Appointments on these holidays are called off" in told

    closed = TeamDay.objects.filter(team=None, opens=None)
    assert closed.count() == 3 + 9 + 3 + 5 + 3 + 3 + 7
    assert closed.filter(date=date(2026, 2, 17), remark="春节").exists()
    workdays = TeamDay.objects.exclude(opens=None).values_list("date", flat=True)
    assert set(workdays) == {
        date(2026, month, day)
        for month, day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))
    }
    assert all(day.weekday() >= 5 for day in workdays)


def test_the_same_list_closes_the_house_for_appointments_and_says_what_make_up_days_are_like(
    db: None,
) -> None:
    branch = Branch.objects.create(code="east", name="东城店")
    own = CalendarDay.objects.create(branch=branch, date=date(2026, 1, 1), kind="hours")

    for _time in range(2):
        call_command("import_holidays", str(LIST_2026))

    house = CalendarDay.objects.filter(doctor=None, branch=None)
    assert house.filter(kind="closed").count() == 3 + 9 + 3 + 5 + 3 + 3 + 7
    assert house.get(date=date(2026, 2, 17)).name == "春节"
    # Sundays are like Mondays, Saturdays like Fridays.
    made_up = {day.date: day.works_as for day in house.filter(kind="workday")}
    assert (made_up[date(2026, 1, 4)], made_up[date(2026, 2, 14)]) == (0, 4)
    assert CalendarDay.objects.filter(pk=own.pk).exists()


def test_a_list_tells_of_days_that_change_and_only_of_those_to_come(
    db: None, tmp_path: Path
) -> None:
    tomorrow = clinic_day(now()) + timedelta(days=1)
    text = f"2026-01-01,holiday,,,元旦\n{tomorrow},holiday,,,店庆\n"

    for _time in range(2):
        _import(tmp_path, text)

    told = OutboxEvent.objects.filter(kind="doctors.SpecialDayEntered")
    assert [one.payload["date"] for one in told] == [tomorrow.isoformat()]


def test_a_second_import_replaces_the_same_days_and_leaves_those_of_teams(
    db: None, tmp_path: Path
) -> None:
    own = TeamDay.objects.create(team=make_team(), date=date(2026, 1, 1), remark="盘点")
    _import(tmp_path, "2026-01-01,holiday,,,元旦\n2026-01-04,workday,09:00,18:00,\n")

    _import(tmp_path, "date,kind,opens,closes,remark\n# x\n2026-01-04,workday,10:00,16:00,\n")

    assert TeamDay.objects.filter(pk=own.pk).exists()
    (day,) = TeamDay.objects.filter(team=None, date=date(2026, 1, 4))
    assert (day.opens, day.closes) == (time(10), time(16))
    assert TeamDay.objects.filter(team=None).count() == 2


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("2026-13-01,holiday", "2026-01-31"),
        ("2026-01-01,party", "holiday or workday"),
        ("2026-01-04,workday", "09:00"),
        ("2026-01-04,workday,18:00,09:00", "close after"),
        ("2026-01-01,holiday,,," + "x" * 61, "longer than 60"),
        ("2026-01-02,holiday", "twice"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_stored(
    db: None, tmp_path: Path, line: str, why: str
) -> None:
    with override("en"), pytest.raises(CommandError, match=f"Line 2 .*{why}"):
        _import(tmp_path, f"2026-01-02,holiday,,,\n{line}\n")

    assert not TeamDay.objects.exists()


def test_a_missing_file_ends_in_a_sentence(db: None, tmp_path: Path) -> None:
    (tmp_path / "gbk.csv").write_bytes("2026-01-01,holiday,,,元旦".encode("gbk"))
    told = {"none.csv": "There is no .*none.csv: check", "gbk.csv": "save it as CSV in UTF-8"}

    for name, sentence in told.items():
        with override("en"), pytest.raises(CommandError, match=sentence):
            call_command("import_holidays", str(tmp_path / name))
