"""The bills of Alipay: a zip of GBK tables."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime

from clinic.adapters.alipay.reading import wire_time
from clinic.adapters.money import yuan_of_fen
from clinic.embedded.simulator import accounts, bills, facts
from clinic.embedded.simulator.accounts import Flow
from clinic.embedded.simulator.bills import ALIPAY, Movement
from clinic.embedded.simulator.model import GatewayRefusal
from clinic.embedded.simulator.state import SimulatorState
from clinic.embedded.simulator.wire import Answer, Request

_LINE = "-" * 40
TRADE_HEAD = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,"
    "对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,"
    "商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,"
    "退款批次号/请求号,服务费（元）,分润（元）,备注"
)
FLOW_HEAD = (
    "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,"
    "账户余额（元）,交易渠道,业务类型,备注"
)


def path(state: SimulatorState, kind: str, day_text: str) -> str:
    """Return the path of a bill that is ready. Raises GatewayRefusal for a day without one."""
    day = bills.bill_day(state, day_text)
    found = (
        bills.movements(state, ALIPAY, day)
        if kind == "trade"
        else accounts.flows(state, "alipay", day)
    )
    return bills.alipay_path(state, kind, day, is_empty=not found)


def file(state: SimulatorState, request: Request) -> Answer:
    """Return the bill behind an address that is still good."""
    values = bills.check_link(state, request)
    if state.now() > datetime.fromtimestamp(int(values["until"]), UTC):
        raise GatewayRefusal(403, "EXPIRED", "链接已失效")
    day = date.fromisoformat(values["day"])
    name, lines = (
        ("业务明细", _trade_lines(state, bills.movements(state, ALIPAY, day), day))
        if values["kind"] == "trade"
        else ("账务明细", _flow_lines(state, accounts.flows(state, "alipay", day), day))
    )
    stem = f"{state.keys.alipay_seller_id}0156_{day:%Y%m%d}_{name}"
    body = _zip({f"{stem}.csv": lines, f"{stem}(汇总).csv": [f"#支付宝{name}汇总查询"]})
    return Answer(status=200, body=body, headers={"Content-Type": "application/zip"})


class _GbkEntry(zipfile.ZipInfo):
    """A file whose name is written in GBK; the library itself knows only UTF-8."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - the library's name
        return self.filename.encode("gbk"), self.flag_bits


def _zip(files: dict[str, list[str]]) -> bytes:
    """Return a zip whose names are GBK without saying so, as the real one has them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, lines in files.items():
            entry = _GbkEntry(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            text = "".join(f"{line}\r\n" for line in lines)
            archive.writestr(entry, text.encode("gbk", "replace"))
    return buffer.getvalue()


def _head(state: SimulatorState, name: str, day: date) -> list[str]:
    period = f"{day:%Y年%m月%d日} 00:00:00"
    return [
        f"#支付宝{name}查询",
        f"#账号：[{state.keys.alipay_seller_id}0156]",
        f"#起始日期：[{period}]   终止日期：[{period}]",
        f"#{_LINE}{name}列表{_LINE}",
    ]


def _cells(values: Sequence[str]) -> str:
    """Return a line; every cell ends with a tab, so that tables keep long numbers."""
    return ",".join(f"{_quoted(value)}\t" for value in values)


def _quoted(value: str) -> str:
    return f'"{value.replace(chr(34), chr(34) * 2)}"' if set(value) & set(',"') else value


def _trade_lines(state: SimulatorState, found: Sequence[Movement], day: date) -> list[str]:
    paid = [move for move in found if move.refund is None]
    returned = [move for move in found if move.refund is not None]
    return [
        *_head(state, "业务明细", day),
        TRADE_HEAD,
        *(_cells(_trade_cells(move)) for move in found),
        f"#{_LINE}业务明细列表结束{_LINE}",
        f"#交易合计：{len(paid)}笔，商家实收共{_sum(paid)}元，商家优惠共0.00元",
        f"#退款合计：{len(returned)}笔，商家实收退款共{_sum(returned, -1)}元，商家优惠共0.00元",
        f"#导出时间：[{wire_time(state.now())}]",
    ]


def _sum(found: Sequence[Movement], sign: int = 1) -> str:
    return yuan_of_fen(sign * sum(move.amount_fen for move in found))


def _trade_cells(move: Movement) -> list[str]:
    order, refund = move.order, move.refund
    amount = yuan_of_fen(-move.amount_fen if refund else move.amount_fen)
    fee = yuan_of_fen(move.fee_fen if refund else -move.fee_fen)
    return [
        order.transaction_id,
        order.out_trade_no,
        "退款" if refund else "交易",
        order.description,
        wire_time(order.created_at),
        wire_time(move.at),
        *("", "", "", ""),
        f"*模拟({facts.SIMULATED_BUYER[:4]}***)",
        amount,
        amount,
        *("0.00", "0.00", "0.00", "0.00", "0.00", "", "0.00", "0.00"),
        refund.out_refund_no if refund else "",
        fee,
        "0.00",
        "",
    ]


_FLOW_WORDS = {
    "payment": "在线支付",
    "refund": "交易退款",
    "fee": "收费",
    "fee_back": "退费",
    "payout": "提现",
    "odd": "模拟其他支出",
}


def _flow_lines(state: SimulatorState, found: Sequence[Flow], day: date) -> list[str]:
    income = [flow.amount_fen for flow in found if flow.amount_fen > 0]
    expense = [flow.amount_fen for flow in found if flow.amount_fen < 0]
    return [
        *_head(state, "账务明细", day),
        FLOW_HEAD,
        *(_cells(_flow_cells(flow, number)) for number, flow in enumerate(found, 1)),
        f"#{_LINE}账务明细列表结束{_LINE}",
        f"#支出合计：{len(expense)}笔，共{yuan_of_fen(sum(expense))}元",
        f"#收入合计：{len(income)}笔，共{yuan_of_fen(sum(income))}元",
        f"#导出时间：[{wire_time(state.now())}]",
    ]


def _flow_cells(flow: Flow, number: int) -> list[str]:
    fen = flow.amount_fen
    return [
        f"{flow.at:%Y%m%d}{number:012d}",
        flow.gateway_number,
        flow.own_number,
        flow.description,
        wire_time(flow.at),
        f"*模拟({facts.SIMULATED_BUYER[:4]}***)",
        yuan_of_fen(max(fen, 0)),
        yuan_of_fen(min(fen, 0)),
        yuan_of_fen(flow.balance_fen),
        "支付宝",
        _FLOW_WORDS[flow.kind],
        "",
    ]
