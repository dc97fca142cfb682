#!/usr/bin/env python
"""Operations door of the clinic; `manage.py up` starts everything."""

import os
import sys

from django.core.management import execute_from_command_line

from clinic.embedded.errors import EmbeddedError
from clinic.embedded.paths import adopt_data_dir

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings.embedded")
    adopt_data_dir(sys.argv)
    try:
        execute_from_command_line(sys.argv)
    except EmbeddedError as error:
        sys.exit(str(error))
