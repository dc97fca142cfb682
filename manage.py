#!/usr/bin/env python
"""Operations door of the clinic; `manage.py up` starts everything."""

import os
import sys

try:
    import django
    from django.conf import settings
    from django.core.management import execute_from_command_line, load_command_class
    from django.db import OperationalError
    from django.utils import translation
    from django.utils.translation import gettext as _
except ModuleNotFoundError as error:
    sys.exit(
        f"{error.name} is not installed for {sys.executable}: run .venv/bin/python manage.py, "
        "which script/server makes.\n"
        f"{sys.executable} 中没有安装 {error.name}：请用 .venv/bin/python manage.py 运行，"
        "它由 script/server 创建。"
    )

from clinic.embedded.errors import EmbeddedError
from clinic.embedded.paths import adopt_data_dir

# They look after processes and speak protocols: rooms would cost each 80 MB and seconds.
ALONE = {"up", "gateway_sim"}


def terminal_language() -> str:
    """Return the language of the person at the terminal: Chinese where the locale says so."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((value for value in named if value), "")
    return "zh-hans" if locale.lower().startswith("zh") else "en"


def settle(command: str) -> None:
    """Load the settings of this process; what it starts finds those of the clinic in any case."""
    chosen = os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings.embedded")
    if command in ALONE:
        os.environ["DJANGO_SETTINGS_MODULE"] = "clinic.settings.alone"
        assert settings.INSTALLED_APPS  # read when first asked
        os.environ["DJANGO_SETTINGS_MODULE"] = chosen


def refusal(error: OperationalError) -> str:
    """Return the sentence for a database that is not there, or that is and gave a command up."""
    state = getattr(error.__cause__, "pgcode", None)
    if state is None or state.startswith("57P"):  # no answer at all, or it is being stopped
        return _(
            "The database does not answer: start script/server first. If it runs with a data "
            "folder of its own, set the same DATA_DIR here."
        )
    return _(
        "The database gave this command up (SQLSTATE %(state)s): it is busy or short of space. "
        "Start the command again."
    ) % {"state": state}


def main() -> None:
    """Run one command; what stands in its way is one sentence and an exit code."""
    adopt_data_dir(sys.argv)
    try:
        command = sys.argv[1] if len(sys.argv) > 1 else "help"
        settle(command)
        if command in ALONE and not django.apps.apps.ready:
            # Django's own way prepares for requests: 10 MB for as long as it runs.
            django.apps.apps.populate(settings.INSTALLED_APPS)
            run = load_command_class("clinic.embedded", command).run_from_argv
        else:
            django.setup()
            run = execute_from_command_line
        translation.activate(terminal_language())
        try:
            run(sys.argv)
        finally:
            sys.stdout.flush()  # here, where a closed pipe is expected
    except EmbeddedError as error:
        sys.exit(error.translated(_) if django.apps.apps.ready else str(error))
    except OperationalError as error:
        sys.exit(refusal(error))
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
