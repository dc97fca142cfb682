"""The Chinese catalogue: collect every sentence of the project and of the theme, compile it.

``python -m tests.i18n.catalogue`` is what script/messages runs. Translations that exist are kept,
sentences that are gone are dropped, and nothing is ever guessed ("fuzzy").
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import django
import polib
import unfold

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "clinic" / "locale" / "zh_Hans" / "LC_MESSAGES"
PO = FOLDER / "django.po"
MO = FOLDER / "django.mo"
HEADER = {
    "Project-Id-Version": "xiangcao",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
Key = tuple[str, str]


def key_of(entry: polib.POEntry) -> Key:
    """Return what makes an entry unique: context and msgid."""
    return entry.msgctxt or "", entry.msgid


def collect() -> polib.POFile:
    """Return the catalogue as the sources of today want it, with the translations known so far."""
    known = {key_of(entry): entry for entry in polib.pofile(str(PO))} if PO.exists() else {}
    own = _extract(ROOT)
    shipped = _shipped_by_django()
    theme = [
        entry for entry in _extract(Path(unfold.__file__).parent) if key_of(entry) not in shipped
    ]
    fresh = polib.POFile(wrapwidth=100)
    fresh.metadata = HEADER
    seen: set[Key] = set()
    for entry in [*own, *theme]:
        if key_of(entry) in seen:
            continue
        seen.add(key_of(entry))
        fresh.append(_with_translation(entry, known.get(key_of(entry))))
    fresh.sort(key=key_of)
    return fresh


def write(catalogue: polib.POFile) -> list[str]:
    """Store .po and .mo and return the msgids that lack a translation."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(PO))
    catalogue.save_as_mofile(str(MO))
    return [entry.msgid for entry in catalogue.untranslated_entries()]


def _with_translation(entry: polib.POEntry, old: polib.POEntry | None) -> polib.POEntry:
    plural = bool(entry.msgid_plural)
    made = polib.POEntry(
        msgctxt=entry.msgctxt,
        msgid=entry.msgid,
        msgid_plural=entry.msgid_plural,
        flags=[flag for flag in entry.flags if flag.endswith("-format")],
    )
    if plural:
        made.msgstr_plural = {0: old.msgstr_plural.get(0, "") if old else ""}
    else:
        made.msgstr = old.msgstr if old else ""
    return made


def _extract(folder: Path) -> list[polib.POEntry]:
    """Run makemessages on a copy of the sources, so that nothing is written among them."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "sources"
        shutil.copytree(folder, copy, ignore=_not_sources)
        (copy / "locale").mkdir(exist_ok=True)
        arguments = [sys.executable, "-m", "django", "makemessages", "-l", "zh_Hans", "-v", "0"]
        arguments += ["--no-location", "--no-wrap", "--no-obsolete", "-e", "html,py,txt"]
        plain = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
        subprocess.run(arguments, cwd=copy, check=True, env=plain)
        found = polib.pofile(str(copy / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"))
        return list(found)


def _not_sources(folder: str, names: list[str]) -> set[str]:
    heavy = {"node_modules", "static", "static-collected", "locale", "__pycache__", "test-output"}
    top = {"tests", "bench", "script", "docs"} if Path(folder) == ROOT else set()
    return {name for name in names if name.startswith(".") or name in heavy | top}


def _shipped_by_django() -> set[Key]:
    home = Path(django.__file__).parent
    files = home.glob("**/locale/zh_Hans/LC_MESSAGES/django.po")
    return {
        key_of(entry) for path in files for entry in polib.pofile(str(path)) if entry.translated()
    }


if __name__ == "__main__":
    missing = write(collect())
    for msgid in missing:
        sys.stdout.write(f"not translated: {msgid}\n")
    sys.exit(1 if missing else 0)
