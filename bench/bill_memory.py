"""How much memory it takes to reconcile a long bill, in a process of its own: JSON in and out."""

import json
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Any
from unittest.mock import patch

import django

django.setup()

from bench import bills  # noqa: E402 needs Django set up
from clinic.adapters.wechatpay.bill_text import read_trade_bill  # noqa: E402
from clinic.adapters.wechatpay.bills import bill_in  # noqa: E402
from clinic.core.clock import clinic_day, now  # noqa: E402
from payments.gateways.bill_lines import moved_money  # noqa: E402
from payments.gateways.wechat_v3 import WeChatGateway  # noqa: E402
from payments.models import MerchantConfig  # noqa: E402
from payments.services.reconciliation import reconcile  # noqa: E402


def main() -> None:
    """Reconcile one bill and print figures."""
    asked = json.load(sys.stdin)
    merchant = MerchantConfig.objects.get(pk=asked["merchant"])
    lines: int = asked["lines"]
    day = clinic_day(now()) - timedelta(days=1 + lines // bills.LINES)  # each length its own day
    with tempfile.TemporaryFile() as file:
        bills.write(file, lines, day)
        print(json.dumps(measured(merchant, day, file)))


def measured(merchant: MerchantConfig, day: date, file: IO[bytes]) -> dict[str, Any]:
    """Reconcile from a file on disk, as it lies there after fetching; memory in MB."""

    def bill(*_given: object) -> Any:
        return moved_money(bill_in(file, read_trade_bill))

    before, cpu, started = _peak_mb(), time.process_time(), time.monotonic()
    with patch.multiple(WeChatGateway, bill=bill, movements=lambda *_given: iter(())):
        run = reconcile(merchant, day)
    return {
        "before_mb": before,
        "peak_mb": _peak_mb(),
        "cpu": time.process_time() - cpu,
        "seconds": time.monotonic() - started,
        "matched": run.matched_count,
    }


def _peak_mb() -> float:
    # Not ru_maxrss: that one still counts the process this one was started from.
    status = Path("/proc/self/status").read_text()
    found = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(found.split()[1]) / 1024  # kB


if __name__ == "__main__":
    main()
