"""Commands at a terminal."""

import os
import subprocess
import sys

import pytest
from django.db import OperationalError, connection, connections
from django.utils import translation

from manage import refusal


@pytest.mark.parametrize("options", [["-u"], []])
def test_a_reader_that_stops_reading_sees_no_traceback(options: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run(
        [sys.executable, *options, "manage.py", "help"],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        text=True,
        timeout=60,
    )

    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.django_db
def test_a_database_that_is_busy_is_told_from_one_that_is_not_there() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 10")
        with pytest.raises(OperationalError) as busy:
            cursor.execute("SELECT pg_sleep(5)")
    elsewhere = connections.create_connection("default")
    elsewhere.settings_dict = {**elsewhere.settings_dict, "HOST": "/nowhere"}
    with pytest.raises(OperationalError) as away:
        elsewhere.ensure_connection()

    with translation.override("en"):
        told = [refusal(error.value) for error in (busy, away)]

    assert "gave this command up (SQLSTATE 57014)" in told[0]
    assert "does not answer" in told[1]
