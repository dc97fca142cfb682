"""One command: starts the servers in a temporary data folder, measures, prints, cleans up."""

import subprocess
import sys

from bench.options import arguments
from bench.stack import running
from clinic.embedded.paths import CHECKOUT


def main() -> int:
    """Run and return the exit code of the measuring process."""
    words = sys.argv[1:]
    arguments().parse_args(words)  # help and mistakes end here, before anything is started
    with running(web_workers=1) as stack:
        command = [sys.executable, "-m", "bench.measure", *words]
        return subprocess.run(command, check=False, cwd=CHECKOUT, env=stack.environment).returncode
