#!/usr/bin/env python
"""Operations door of the clinic; `manage.py up` starts everything."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings.embedded")
    execute_from_command_line(sys.argv)
