"""What is printed, and the page that proves a printed copy."""

import gc
import re
import shutil
import subprocess
import weakref
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from fontTools.ttLib import TTFont

from clinic.core.papers import faces, sheet
from clinic.core.papers.lines import lines_of
from clinic.records.models import MedicalRecord
from clinic.records.selectors.invariants import touched_records
from clinic.records.services.addenda import add_addendum
from tests.cast import Member
from tests.doctors_cast import DoctorMember
from tests.records.conftest import Signed


def paper(member: Member, record: MedicalRecord) -> bytes:
    answer = member.client.get(f"/api/v1/records/{record.public_id}/pdf", HTTP_ACCEPT="*/*")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return bytes(answer.content)


def tamper(sql: str) -> None:
    """Change rows past the triggers, as somebody with the database's keys could."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def _words(pdf: bytes) -> str | None:
    """Return what the paper says, pages parted by form feeds; None without poppler."""
    if shutil.which("pdftotext") is None:
        return None
    read = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return read.stdout.decode()


def test_a_paper_has_its_number_of_pages_and_is_the_same_each_time(
    signed: Signed, lin: Member, shen: DoctorMember
) -> None:
    long = "上腹部胀痛，餐后加重，伴反酸、嗳气；𠮷𬱖㐱\u0007😀。\n" * 60
    record = signed(lin, shen, present_history=long)
    add_addendum(record.pk, reason="笔误", text="应为晨起反酸。", actor=shen.actor)

    first, second = paper(lin, record), paper(shen.member, record)

    assert first == second
    assert first.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", first)) == 3
    words = _words(first)
    if words is not None:
        one, two, *_rest = words.split("\f")
        assert "本病历有补充更正 1 份" in one
        assert "姓名：" in two[:40]


def test_a_paper_that_is_done_holds_no_table_of_a_font(
    signed: Signed, lin: Member, shen: DoctorMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[weakref.ref[TTFont]] = []

    class Watched(TTFont):
        def __init__(self, *args: Any, **named: Any) -> None:
            super().__init__(*args, **named)
            opened.append(weakref.ref(self))

    monkeypatch.setattr("fpdf.fonts.ttLib.TTFont", Watched)
    record = signed(lin, shen)
    gc.disable()
    try:
        paper(lin, record)
        held = [table for one in opened if (font := one()) for table in font.tables]
    finally:
        gc.enable()

    assert opened
    assert held == []


def test_a_font_is_read_when_those_before_it_lack_something(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    class Fake:
        def __init__(self, name: str, characters: str) -> None:
            self.name, self._characters = name, frozenset(map(ord, characters))

        @property
        def characters(self) -> frozenset[int]:
            asked.append(self.name)
            return self._characters

    fakes = (Fake("first", "胃痛。"), Fake("second", "𠮷"))
    monkeypatch.setattr(sheet, "faces", lambda: fakes)

    one = sheet._chosen("胃痛。\n\u200b")
    read = set(asked)
    both = sheet._chosen("胃痛𠮷")

    assert [face.name for face in one] == ["first"]
    assert read == {"first"}
    assert [face.name for face in both] == ["first", "second"]


def test_a_machine_without_fonts_says_so(
    signed: Signed, lin: Member, shen: DoctorMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = signed(lin, shen)
    monkeypatch.setattr("clinic.core.papers.sheet.faces", tuple)

    answer = lin.client.get(f"/api/v1/records/{record.public_id}/pdf")

    assert (answer.status_code, answer.json()["code"]) == (503, "no_font")


def test_one_font_of_the_requirements_is_always_there() -> None:
    assert faces.faces()
    assert ord("胃") in faces.faces()[-1].characters


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("一二三四五六", ["一二三四", "五六"]),
        ("一二三四，五", ["一二三", "四，五"]),
        ("一二三（四五", ["一二三", "（四五"]),
        ("一二\n三", ["一二", "三"]),
        ("一 abc d", ["一", "abc", "d"]),
        ("abcdefg", ["abcd", "efg"]),
        ("", [""]),
    ],
)
def test_lines_break_where_chinese_lets_them(text: str, lines: list[str]) -> None:
    assert list(lines_of(text, 4, lambda _char: 1.0)) == lines


def test_the_page_proves_a_copy_and_tells_nothing_medical(
    signed: Signed, lin: Member, shen: DoctorMember, client: Client
) -> None:
    record = signed(lin, shen)
    add_addendum(record.pk, reason="笔误", text="应为晨起反酸。", actor=shen.actor)

    answer = client.get(f"/verify/{record.verify_token}", headers={"Accept-Language": "en"})

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "This record is genuine" in text
    assert record.number in text
    assert "林*月" in text
    hidden = ("林小月", record.diagnosis, record.advice, "应为晨起反酸", "女", "1990")
    assert [word for word in hidden if word in text] == []
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE records_medicalrecord SET advice = advice || '。'",
        "UPDATE records_medicalrecord SET signed_at = signed_at - interval '1 day'",
        'UPDATE records_medicalrecord SET printed = printed || \'{"person": "王某"}\'',
        "UPDATE records_recordaddendum SET text = '没有'",
        "DELETE FROM records_recordaddendum WHERE position = 1",
    ],
)
def test_what_was_changed_behind_the_clinic_s_back_is_told(
    signed: Signed, lin: Member, shen: DoctorMember, client: Client, change: str
) -> None:
    record = signed(lin, shen)
    for number in range(2):
        add_addendum(record.pk, reason="笔误", text=f"第{number}条", actor=shen.actor)
    tamper(change)

    text = client.get(f"/verify/{record.verify_token}", headers={"Accept-Language": "en"})

    assert "Do not trust this record" in text.content.decode()
    assert touched_records() == [f"record {record.public_id}"]


def test_an_unknown_code_belongs_to_no_record(client: Client, db: None) -> None:
    answers = [client.get(f"/verify/{token}") for token in ("x" * 22, "%00", "a/b", "草" * 300)]

    assert {answer.status_code for answer in answers} <= {400, 404}


def test_nobody_tries_codes_for_long(client: Client, db: None) -> None:
    codes = [client.get(f"/verify/{number}").status_code for number in range(32)]

    assert codes[-1] == 429


def test_the_code_on_paper_is_of_the_record(
    signed: Signed, lin: Member, shen: DoctorMember
) -> None:
    """Only where poppler is installed: the words can be read out of the file again."""
    record = signed(lin, shen)
    text = _words(paper(lin, record))
    if text is None:
        pytest.skip("pdftotext is not installed")

    assert [word for word in ("主诉", "反复胃痛三个月", record.number) if word not in text] == []
