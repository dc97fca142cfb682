"""Commands at a terminal."""

import os
import subprocess
import sys

import pytest


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
