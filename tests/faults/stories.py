"""Running a story in a process of its own beside real servers."""

import json
import subprocess
import sys
from typing import Any

from bench.stack import running
from clinic.embedded.paths import CHECKOUT


def story(module: str, name: str) -> dict[str, Any]:
    """Return what happened, from real servers and processes in a folder of their own."""
    with running(web_workers=1) as stack:
        done = subprocess.run(
            [sys.executable, "-m", f"tests.faults.{module}", name],
            check=False,
            cwd=CHECKOUT,
            env=stack.environment,
            capture_output=True,
            text=True,
            timeout=500,
        )
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    sys.stdout.write(json.dumps(found))
    return found
