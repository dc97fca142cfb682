"""Settings of the sandbox in which phone calls have seconds where people have minutes."""

from datetime import timedelta

from clinic.settings import rules

WINDOW_SECONDS = 8
_HURRIED = {
    "CALL_WINDOW": timedelta(seconds=WINDOW_SECONDS),
    "CALL_REPORT_GRACE": timedelta(seconds=2),
    "CALL_RETRY_AFTER": timedelta(seconds=2),
    "CALL_SWEEP_EVERY": timedelta(seconds=1),
}
for _name, _value in _HURRIED.items():
    setattr(rules, _name, _value)

from clinic.settings.embedded import *  # noqa: E402, F403 settings build on settings
