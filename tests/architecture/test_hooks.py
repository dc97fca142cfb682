"""What runs after a commit has a name: Django logs it when it fails, and a partial has none."""

import re

from clinic.embedded.paths import CHECKOUT

ROOMS = ("clinic", "consultations", "doctors", "chat", "payments", "appointments")
NAMELESS = re.compile(r"on_commit\(\s*(functools\.)?partial\(")


def test_no_hook_after_a_commit_is_a_partial() -> None:
    sources = {path: path.read_text() for room in ROOMS for path in (CHECKOUT / room).rglob("*.py")}

    assert len(sources) > 500
    assert [str(path) for path, text in sources.items() if NAMELESS.search(text)] == []
