"""The bills of WeChat Pay: what their calls answer and the files themselves."""

import gzip
import hashlib
from collections.abc import Iterable, Sequence
from datetime import date

from clinic.adapters.alipay.reading import wire_time
from clinic.adapters.money import yuan_of_fen
from clinic.embedded.simulator import accounts, bills
from clinic.embedded.simulator.accounts import Flow
from clinic.embedded.simulator.bills import WECHAT, Movement
from clinic.embedded.simulator.model import GatewayRefusal
from clinic.embedded.simulator.state import FaultKind, SimulatorState
from clinic.embedded.simulator.wechat_v3_documents import TRADE_TYPES
from clinic.embedded.simulator.wire import Answer, Request

FILE_PATH = "/v3/billdownload/file"
_BOM = "\ufeff"

TRADE_HEAD = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,"
    "付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,"
    "退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)
TRADE_SUMMARY = (
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
)
FLOW_HEAD = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),"
    "资金变更提交申请人,备注,业务凭证号"
)
FLOW_SUMMARY = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"


def trade_bill(state: SimulatorState, request: Request) -> dict[str, str]:
    """Return where the bill of payments and refunds is, with its hash."""
    kind = request.parameters.get("bill_type", "ALL")
    if kind != "ALL":
        raise GatewayRefusal(400, "PARAM_ERROR", "bill_type")
    return _announce(state, request, "trade")


def flow_bill(state: SimulatorState, request: Request) -> dict[str, str]:
    """Return where the bill of the account's movements is, with its hash."""
    if request.parameters.get("account_type", "BASIC") != "BASIC":
        raise GatewayRefusal(400, "PARAM_ERROR", "account_type")
    return _announce(state, request, "flow")


def _announce(state: SimulatorState, request: Request, kind: str) -> dict[str, str]:
    tar_type = request.parameters.get("tar_type", "")
    if tar_type not in {"", "GZIP"}:
        raise GatewayRefusal(400, "PARAM_ERROR", "tar_type")
    day = bills.bill_day(state, request.parameters.get("bill_date", ""))
    text = _text(state, kind, day)
    digest = hashlib.sha1(text, usedforsecurity=False).hexdigest()
    if state.take_fault(FaultKind.BILL_WRONG_HASH, "*", "bill"):
        digest = digest[::-1]
    path = bills.link(state, FILE_PATH, kind=kind, day=day.isoformat(), tar_type=tar_type)
    host = request.headers.get("host", "")
    return {
        "download_url": f"http://{host}{path}",
        "hash_type": "SHA1",
        "hash_value": digest,
    }


def file(state: SimulatorState, request: Request) -> Answer:
    """Return the bill itself; unlike every other answer it is not signed."""
    values = bills.check_link(state, request)
    text = _text(state, values["kind"], date.fromisoformat(values["day"]))
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    if values["tar_type"] == "GZIP":
        return Answer(status=200, body=gzip.compress(text, mtime=0), headers=headers)
    return Answer(status=200, body=text, headers=headers)


def v2_trade_bill(state: SimulatorState, day: date) -> bytes:
    """Return the same bill as version 2 answers it: directly."""
    return _text(state, "trade", day)


def v2_flow_bill(state: SimulatorState, day: date) -> bytes:
    """Return the bill of movements as version 2 answers it: directly."""
    return _text(state, "flow", day)


def _text(state: SimulatorState, kind: str, day: date) -> bytes:
    trades, flows = bills.movements(state, WECHAT, day), accounts.flows(state, "wechat", day)
    if not (trades if kind == "trade" else flows):
        raise GatewayRefusal(400, "NO_STATEMENT_EXIST", "账单文件不存在")
    lines = _trade_lines(state, trades) if kind == "trade" else _flow_lines(flows)
    return (_BOM + "".join(f"{line}\r\n" for line in lines)).encode()


def _cells(values: Iterable[str]) -> str:
    return ",".join(f"`{value}" for value in values)


def _trade_lines(state: SimulatorState, found: Sequence[Movement]) -> list[str]:
    lines = [TRADE_HEAD, *(_cells(_trade_cells(state, move)) for move in found)]
    paid = sum(move.amount_fen for move in found if move.refund is None)
    returned = sum(move.amount_fen for move in found if move.refund is not None)
    fees = sum(-move.fee_fen if move.refund else move.fee_fen for move in found)
    amounts = (paid, returned, 0, fees, paid, returned)
    summary = [str(len(found)), *(yuan_of_fen(amount) for amount in amounts)]
    return [*lines, TRADE_SUMMARY, _cells(summary)]


def _trade_cells(state: SimulatorState, move: Movement) -> list[str]:
    order, refund = move.order, move.refund
    paid = "0.00" if refund else yuan_of_fen(move.amount_fen)
    returned = yuan_of_fen(move.amount_fen) if refund else "0.00"
    return [
        wire_time(move.at),
        state.keys.appid,
        state.keys.mchid,
        "0",
        "",
        order.transaction_id,
        order.out_trade_no,
        order.openid,
        TRADE_TYPES[order.channel],
        "REFUND" if refund else "SUCCESS",
        "OTHERS",
        "CNY",
        paid,
        "0.00",
        refund.refund_id if refund else "0",
        refund.out_refund_no if refund else "0",
        returned,
        "0.00",
        "ORIGINAL" if refund else "",
        "SUCCESS" if refund else "",
        order.description,
        order.attach,
        yuan_of_fen(-move.fee_fen if refund else move.fee_fen),
        f"{state.setting('fee_basis_points') / 100:.2f}%",
        paid,
        returned,
        "",
    ]


_FLOW_WORDS = {
    "payment": "交易",
    "refund": "退款",
    "fee": "扣除交易手续费",
    "fee_back": "退回交易手续费",
    "payout": "提现",
    "odd": "模拟其他支出",
}


def _flow_lines(found: Sequence[Flow]) -> list[str]:
    lines = [FLOW_HEAD]
    lines += [_cells(_flow_cells(flow, number)) for number, flow in enumerate(found, 1)]
    income = [flow.amount_fen for flow in found if flow.amount_fen > 0]
    expense = [-flow.amount_fen for flow in found if flow.amount_fen < 0]
    summary = [
        f"{len(found)}.0",  # the gateway prints these numbers of lines with a fraction
        f"{len(income)}.0",
        yuan_of_fen(sum(income)),
        f"{len(expense)}.0",
        yuan_of_fen(sum(expense)),
    ]
    return [*lines, FLOW_SUMMARY, _cells(summary)]


def _flow_cells(flow: Flow, number: int) -> list[str]:
    word = _FLOW_WORDS[flow.kind]
    return [
        wire_time(flow.at),
        flow.gateway_number,
        f"{flow.gateway_number}{number:04d}",
        word,
        word,
        "收入" if flow.amount_fen > 0 else "支出",
        yuan_of_fen(abs(flow.amount_fen)),
        yuan_of_fen(flow.balance_fen),
        "system",
        "",
        flow.own_number,
    ]
