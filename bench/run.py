"""One command: starts the servers in a temporary data folder, measures, prints, cleans up."""

import subprocess
import sys

from bench.stack import running
from clinic.embedded.paths import CHECKOUT


def main() -> int:
    """Run and return the exit code of the measuring process."""
    words = sys.argv[1:]
    if {"-h", "--help"} & set(words):
        print(
            "bench/README.md explains --only --seconds --rounds --cases --writes --orders "
            "--web-workers"
        )
        return 0
    with running(web_workers=1) as stack:
        command = [sys.executable, "-m", "bench.measure", *words]
        return subprocess.run(command, check=False, cwd=CHECKOUT, env=stack.environment).returncode
