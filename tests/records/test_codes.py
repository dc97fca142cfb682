"""Tables of diagnoses: importing and finding."""

from pathlib import Path

import pytest
from django.core.management.base import CommandError

from clinic.records.models import DiagnosisCode
from tests.cast import Member
from tests.doctors_cast import DoctorMember
from tests.records.conftest import command, make_code

TABLE = "code,name,is_category\nD00,脾胃系病类,1\nD01,胃脘痛,0\nD02,泄泻,\n"


def load(path: Path, text: str, *more: str, edition: str = "2021") -> str:
    file = path / "codes.csv"
    file.write_text(text, encoding="utf-8")
    told = ["--system", "tcm_disease", "--edition", edition, *more]
    return command("import_diagnosis_codes", str(file), *told)


def in_use() -> list[str]:
    rows = DiagnosisCode.objects.filter(is_active=True).order_by("code")
    return [f"{row.code} {row.name}" for row in rows]


def test_a_table_is_taken_over_and_again_without_harm(db: None, tmp_path: Path) -> None:
    first = load(tmp_path, TABLE)
    again = load(tmp_path, "\ufeff" + TABLE)

    assert "3 rows, 1 of them category words; 3 new, 0 switched off" in first
    assert "0 new" in again
    assert in_use() == ["D00 脾胃系病类", "D01 胃脘痛", "D02 泄泻"]


def test_a_new_edition_switches_the_old_one_off_and_keeps_it(db: None, tmp_path: Path) -> None:
    load(tmp_path, TABLE)

    told = load(tmp_path, "编码,名称\nD01,胃痛\n", edition="2030")

    assert "3 switched off" in told
    assert in_use() == ["D01 胃痛"]
    assert DiagnosisCode.objects.count() == 4


def test_a_dry_run_stores_nothing(db: None, tmp_path: Path) -> None:
    told = load(tmp_path, TABLE, "--dry-run")

    assert "Nothing was stored" in told
    assert not DiagnosisCode.objects.exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Line 1"),
        ("code,title\nD01,胃脘痛\n", "Line 1"),
        ("code,name\n", "no code"),
        ("code,name\nD01,胃脘痛\nD01,泄泻\n", "Line 3"),
        ("code,name\nD01,\n", "Line 2"),
        (f"code,name\n{'D' * 41},胃脘痛\n", "Line 2"),
        ("code,name\nD01,胃\u202e脘痛\n", "invisible"),
        ("code,name,is_category\nD01,胃脘痛,maybe\n", "is_category"),
    ],
)
def test_a_bad_file_changes_nothing_and_is_told_by_line(
    db: None, tmp_path: Path, text: str, reason: str
) -> None:
    load(tmp_path, TABLE)

    with pytest.raises(CommandError, match=reason):
        load(tmp_path, text, edition="2030")

    assert len(in_use()) == 3


def test_bytes_that_are_no_utf8_are_refused(db: None, tmp_path: Path) -> None:
    file = tmp_path / "gbk.csv"
    file.write_bytes("code,name\nD01,胃脘痛\n".encode("gb18030"))

    with pytest.raises(CommandError, match="UTF-8"):
        command("import_diagnosis_codes", str(file), "--system", "icd10", "--edition", "x")


def test_doctors_find_codes_best_first_and_no_category_words(
    shen: DoctorMember, lin: Member
) -> None:
    make_code("tcm_disease", "D00", "胃系病类", is_category=True)
    make_code("tcm_disease", "D02", "小儿胃痛")
    make_code("tcm_disease", "D03", "胃痛")
    make_code("tcm_disease", "D04", "胃缓", is_active=False)
    make_code("icd10", "K29.5", "慢性胃炎")

    def found(query: str) -> list[str]:
        answer = shen.client.get(f"/api/v1/diagnosis-codes?{query}")
        return [row["code"] for row in answer.json()["results"]]

    assert found("search=胃&system=tcm_disease") == ["D03", "D02"]
    assert found("search=k29") == ["K29.5"]
    assert found("search=胃") == ["D03", "K29.5", "D02"]
    assert lin.client.get("/api/v1/diagnosis-codes").status_code == 403
