"""The gateway as a process: keys, restarts, ports and signals."""

import json
import os
import signal
import socket
import sqlite3
import ssl
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from clinic.adapters.wechatpay.client import WeChatPayClient
from clinic.embedded.simulator import orders
from clinic.embedded.simulator.keys import ensure_gateway_keys
from clinic.embedded.simulator.model import Gateway, Order, OrderState
from clinic.embedded.simulator.serve import running_simulator
from clinic.embedded.simulator.state import FaultKind, open_state
from tests.simulator.support import Sim, merchant_config


def _start(folder: Path, port: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "clinic.embedded.simulator.serve"]
    arguments = ["--port", str(port), "--data-dir", str(folder), "--time-factor", "50"]
    return subprocess.Popen(
        [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_keys_are_made_once_and_belong_to_their_owner(tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(ensure_gateway_keys, [tmp_path] * 3))

    assert made[0] == made[1] == made[2]
    folder = tmp_path / "gateway"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("keys.json", "merchant.json", "merchant_key.pem", "apiclient_key.pem"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    export = json.loads((folder / "merchant.json").read_text())
    assert export["simulator"] is True
    assert Path(export["merchant_private_key_path"]).read_text().startswith("-----BEGIN PRIVATE")
    assert made[0].platform_private_key_pem not in json.dumps(export)
    assert made[0].apiv3_key not in repr(made[0])


def test_one_port_answers_both_kinds_of_callers(sim: Sim) -> None:
    keys = sim.keys
    context = ssl.create_default_context(cafile=keys.tls_ca_path)
    context.load_cert_chain(keys.client_certificate_path, keys.client_key_path)
    address = ("127.0.0.1", httpx2.URL(sim.base_url).port or 0)

    with (
        socket.create_connection(address),  # says nothing: holds nobody up
        httpx2.Client(verify=context, trust_env=False) as known,
        httpx2.Client(verify=ssl.create_default_context(cafile=keys.tls_ca_path)) as unknown,
    ):
        answers = [
            known.get(f"{sim.secure_base_url}/healthz").status_code,
            sim.http.get(f"{sim.base_url}/healthz").status_code,
        ]
        with pytest.raises(httpx2.HTTPError):
            unknown.get(f"{sim.secure_base_url}/healthz")

    assert answers == [200, 200]


def test_nobody_only_claims_to_be_secured(sim: Sim) -> None:
    answer = sim.http.post(
        f"{sim.base_url}/secapi/pay/refund",
        content=b"<xml><a>1</a></xml>",
        headers={"X-Forwarded-Proto": "https"},
    )

    assert answer.status_code == 400


def test_control_token_of_the_data_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text('{"CONTROL_TOKEN": "of-the-folder"}')

    assert ensure_gateway_keys(tmp_path).control_token == "of-the-folder"
    kept = json.loads((tmp_path / "gateway" / "keys.json").read_text())
    assert kept["control_token"] == "of-the-folder"


def test_who_has_no_token_hears_where_it_is(sim: Sim) -> None:
    answer = sim.http.get(f"{sim.base_url}/control/settings")

    assert answer.status_code == 401
    assert "secrets.json" in answer.json()["message"]


def test_restart_keeps_orders_messages_and_faults(sim: Sim, tmp_path: Path) -> None:
    order = sim.order()
    first = open_state(tmp_path)
    with running_simulator(first) as running:
        config = merchant_config(first.keys, base_url=running.base_url)
        WeChatPayClient(config, http=sim.http).create_native(order)
        first.inject(FaultKind.DROP, times=3)
        orders.pay(first, order.out_trade_no)
    first.store.close()

    second = open_state(tmp_path)
    found = orders.by_number(second, order.out_trade_no)
    second.store.close()

    assert found.state is OrderState.SUCCESS
    assert found.notify_url == order.notify_url


def test_process_serves_and_ends_cleanly_on_sigterm(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = _start(tmp_path, port)
    try:
        assert process.stdout is not None
        assert f"http://127.0.0.1:{port}/" in process.stdout.readline()
        page = httpx2.get(f"http://127.0.0.1:{port}/", trust_env=False, timeout=10)
        os.kill(process.pid, signal.SIGTERM)
        _, errors = process.communicate(timeout=15)
    finally:
        process.kill()

    assert page.status_code == 200
    assert (process.returncode, errors) == (0, "")


def test_taken_port_ends_with_one_sentence(sim: Sim, tmp_path: Path) -> None:
    port = int(sim.base_url.rpartition(":")[2])

    process = _start(tmp_path, port)
    _, errors = process.communicate(timeout=15)

    assert process.returncode == 1
    assert len(errors.strip().splitlines()) == 1
    assert f"port {port}" in errors


def test_a_folder_of_an_older_version_gets_the_new_keys_and_columns(tmp_path: Path) -> None:
    made = ensure_gateway_keys(tmp_path)
    path = tmp_path / "gateway" / "keys.json"
    old = {
        name: value
        for name, value in json.loads(path.read_text()).items()
        if not name.startswith("alipay") and name != "api_v2_key"
    }
    path.write_text(json.dumps(old | {"format": 1}))
    with sqlite3.connect(tmp_path / "gateway" / "gateway.sqlite3") as database:
        database.execute("CREATE TABLE settings (name PRIMARY KEY)")
        database.execute("INSERT INTO settings VALUES ('seed')")
        names = [name for name in Order.__dataclass_fields__ if name not in _NEW_COLUMNS]
        database.execute(f"CREATE TABLE orders ({', '.join(names)})")
        database.execute(
            "INSERT INTO orders (out_trade_no, channel, description, attach, "
            "total_fen, openid, notify_url, token, prepay_id, fingerprint, "
            "signed_by, created_at, state, transaction_id) VALUES ('OLD0001', "
            "'native', '', '', 100, '', '', '', '', '', 'certificate', "
            "'2026-11-01T00:00:00.000000+00:00', 'NOTPAY', '')"
        )
    database.close()

    state = open_state(tmp_path)
    found = orders.by_number(state, "OLD0001")
    state.store.close()

    assert state.keys.merchant_private_key_pem == made.merchant_private_key_pem
    assert state.keys.alipay_app_id
    assert (found.gateway, found.is_scanned) == (Gateway.WECHAT_V3, False)


_NEW_COLUMNS = {"gateway", "is_scanned", "return_url", "sign_type"}
