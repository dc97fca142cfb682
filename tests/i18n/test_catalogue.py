"""The Chinese catalogue is complete, compiled, and keeps every placeholder."""

import re
import shutil
from pathlib import Path

import polib
import pytest
from django.utils.translation import gettext, ngettext, override, pgettext

from tests.i18n import catalogue

PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]?\d*(?:\.\d+)?[a-zA-Z]|(?<!%)%[sd]|\{\w*\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Sentences whose Chinese needs no Chinese character.
# Names of things that are written alike in both languages.
SAME_IN_CHINESE = frozenset({"App", "HMAC-SHA256", "MD5"})


@pytest.fixture(scope="module")
def entries() -> list[polib.POEntry]:
    """Every entry of the committed catalogue."""
    return list(polib.pofile(str(catalogue.PO)))


def _texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_sentence_is_translated_and_none_is_guessed(entries: list[polib.POEntry]) -> None:
    missing = [entry.msgid for entry in entries if not all(_texts(entry))]
    guessed = [entry.msgid for entry in entries if "fuzzy" in entry.flags]

    assert missing == []
    assert guessed == []


def test_translations_are_chinese(entries: list[polib.POEntry]) -> None:
    strays = [
        entry.msgid
        for entry in entries
        if entry.msgid not in SAME_IN_CHINESE
        and not all(CHINESE.search(text) for text in _texts(entry))
    ]

    assert strays == []


def test_placeholders_are_the_same_in_both_languages(entries: list[polib.POEntry]) -> None:
    different = [
        entry.msgid
        for entry in entries
        for text in _texts(entry)
        if sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(text))
    ]

    assert different == []


def test_the_compiled_catalogue_is_the_written_one(
    entries: list[polib.POEntry], tmp_path: Path
) -> None:
    fresh = tmp_path / "django.mo"
    polib.pofile(str(catalogue.PO)).save_as_mofile(str(fresh))

    assert fresh.read_bytes() == catalogue.MO.read_bytes(), "run script/messages"
    assert len(polib.mofile(str(catalogue.MO))) == len(entries)


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="xgettext (gettext) is not installed")
def test_the_catalogue_holds_what_the_sources_say(entries: list[polib.POEntry]) -> None:
    wanted = {catalogue.key_of(entry) for entry in catalogue.collect()}
    known = {catalogue.key_of(entry) for entry in entries}

    assert wanted - known == set(), "run script/messages and translate these"
    assert known - wanted == set(), "run script/messages: these sentences are gone"


def test_no_room_keeps_a_catalogue_of_its_own() -> None:
    folders = [
        folder
        for top in ("clinic", "doctors", "consultations", "payments", "chat")
        for folder in (catalogue.ROOT / top).rglob("locale")
        if folder != catalogue.FOLDER.parents[1]
    ]

    assert folders == []


def test_django_finds_the_catalogue() -> None:
    with override("zh-hans"):
        assert gettext("Assignment board") == "分配看板"
        assert ngettext("%(count)s payment", "%(count)s payments", 2) % {"count": 2} == "2 笔"
    with override("en"):
        assert gettext("Assignment board") == "Assignment board"


def test_who_is_online_is_told_apart_from_a_visit_that_is_online() -> None:
    with override("zh-hans"):
        assert (gettext("Online"), pgettext("place", "Online")) == ("在线", "线上")


def test_a_chat_is_handed_on_and_a_case_is_referred() -> None:
    with override("zh-hans"):
        assert (pgettext("chat", "Transfer"), gettext("Transfer")) == ("转接", "转诊")
