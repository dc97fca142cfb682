"""Calls to Alipay. Every answer is verified before it is believed."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx2

from clinic.adapters.alipay import facts, reading
from clinic.adapters.alipay.answers import believed_node
from clinic.adapters.alipay.config import AlipayConfig
from clinic.adapters.alipay.signing import certificate_serial, root_serial, sign, signed_text
from clinic.adapters.alipay.types import (
    AppOrder,
    CloseResult,
    NewRefund,
    NewTrade,
    QrPrepay,
    RefundResult,
    RefundStatus,
    SignedForm,
    Trade,
    TradeStatus,
)
from clinic.adapters.downloads import HEADERS, Sink, address_at, download
from clinic.adapters.errors import DefiniteError, NotExistError
from clinic.adapters.http import no_answer, send, shared_client
from clinic.adapters.money import yuan_of_fen
from clinic.adapters.wechatpay.strict_json import (
    Document,
    StrictJsonError,
    optional_text,
    text,
)

T = TypeVar("T")
_UNSIGNED = frozenset({"sign"})


def _utc_now() -> datetime:
    return datetime.now(UTC)


class AlipayClient:
    """One merchant's calls. Safe to share between threads; numbers are the idempotency keys.

    Every method with a network raises DefiniteError (refused), TransientError (repeat as it is)
    or, when it changes something, UnknownOutcomeError (query the number).
    """

    def __init__(
        self,
        config: AlipayConfig,
        *,
        http: httpx2.Client | None = None,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        """Use the process's pool unless another client is given."""
        self.config = config
        self._http = http
        self._now = now

    def page_form(self, trade: NewTrade) -> SignedForm:
        """Return the form that opens the payment in a desktop browser. No network."""
        return self._form("alipay.trade.page.pay", facts.PAGE_PRODUCT, trade)

    def wap_form(self, trade: NewTrade) -> SignedForm:
        """Return the form that opens the payment in a phone's browser. No network."""
        return self._form("alipay.trade.wap.pay", facts.WAP_PRODUCT, trade)

    def app_order(self, trade: NewTrade) -> AppOrder:
        """Return the text with which an app opens the payment. No network."""
        body = _trade_body(trade, facts.APP_PRODUCT)
        fields = self._fields("alipay.trade.app.pay", body, _addresses(trade))
        return AppOrder(urlencode(fields))

    def precreate(self, trade: NewTrade) -> QrPrepay:
        """Return the address for a QR code. The trade exists only once somebody scans it."""
        node = self._call(
            "alipay.trade.precreate",
            _trade_body(trade, facts.QR_PRODUCT),
            {"notify_url": trade.notify_url},
            changes=True,
        )
        self._check_number(node, trade.out_trade_no, changes=True)
        return QrPrepay(_believe(lambda: text(node, "qr_code", limit=512), changes=True))

    def query(self, out_trade_no: str) -> Trade:
        """Return the payment as the gateway sees it.

        Raises NotExistError also for an order that nobody scanned yet.
        """
        node = self._call("alipay.trade.query", {"out_trade_no": out_trade_no}, changes=False)
        self._check_number(node, out_trade_no, changes=False)
        return _believe(lambda: self._read_trade(node), changes=False)

    def close(self, out_trade_no: str) -> CloseResult:
        """Close the trade for payment; ALREADY_PAID means: query it. Closing twice is harmless."""
        try:
            self._call("alipay.trade.close", {"out_trade_no": out_trade_no}, changes=True)
        except NotExistError:
            return CloseResult.NOT_EXIST
        except DefiniteError as error:
            if error.code not in facts.WRONG_STATE:
                raise
            return self._why_not_closed(out_trade_no, error)
        return CloseResult.CLOSED

    def refund(self, refund: NewRefund) -> RefundResult:
        """Ask for a refund. Repeat only with the same number and amount.

        SUCCESS only when this call moved the money; a repeat is NOT_CONFIRMED: then query.
        """
        body = {
            "out_trade_no": refund.out_trade_no,
            "refund_amount": yuan_of_fen(refund.refund_fen),
            "out_request_no": refund.out_request_no,
        }
        if refund.reason:
            body["refund_reason"] = refund.reason
        node = self._call("alipay.trade.refund", body, changes=True)
        self._check_number(node, refund.out_trade_no, changes=True)
        has_moved = node.get("fund_change") == "Y"
        return RefundResult(
            out_trade_no=refund.out_trade_no,
            trade_no=_believe(lambda: text(node, "trade_no", limit=64), changes=True),
            out_request_no=refund.out_request_no,
            status=RefundStatus.SUCCESS if has_moved else RefundStatus.NOT_CONFIRMED,
            refund_fen=refund.refund_fen,
        )

    def query_refund(self, out_trade_no: str, out_request_no: str) -> RefundResult:
        """Return the refund; wait ten seconds after asking for it.

        NOT_CONFIRMED also covers a number the gateway never saw: it answers both alike.
        """
        body: dict[str, Any] = {
            "out_trade_no": out_trade_no,
            "out_request_no": out_request_no,
            "query_options": ["gmt_refund_pay"],
        }
        node = self._call("alipay.trade.fastpay.refund.query", body, changes=False)
        return _believe(lambda: _read_refund(node, out_trade_no, out_request_no), changes=False)

    def bill_url(self, day: date, *, bill_type: str = "trade") -> str:
        """Return where the bill of a day can be fetched within 30 seconds.

        `bill_type` is trade (payments and refunds) or signcustomer (movements of money). Raises
        NotExistError when there is none.
        """
        body = {"bill_type": bill_type, "bill_date": day.isoformat()}
        method = "alipay.data.dataservice.bill.downloadurl.query"
        node = self._call(method, body, changes=False)
        return _believe(lambda: text(node, "bill_download_url", limit=2048), changes=False)

    def download(self, url: str, sink: Sink) -> None:
        """Fetch a bill from an address this gateway gave, piece by piece."""
        for host in facts.BILL_HOSTS:  # the gateway still writes them without encryption
            if url.startswith(f"http://{host}/"):
                url = url.replace("http://", "https://", 1)
        allowed = (self.config.gateway_url, *(f"https://{host}" for host in facts.BILL_HOSTS))
        address = address_at(url, allowed)
        http = self._http or shared_client()
        download(http, http.build_request("GET", address, headers=HEADERS), sink)

    def _why_not_closed(self, out_trade_no: str, error: DefiniteError) -> CloseResult:
        found = self.query(out_trade_no)
        if found.was_paid:
            return CloseResult.ALREADY_PAID
        if found.status is TradeStatus.CLOSED:
            return CloseResult.CLOSED
        raise error

    def _read_trade(self, node: Document) -> Trade:
        return Trade(
            app_id=self.config.app_id,
            seller_id=self.config.seller_id,
            out_trade_no=reading.number(node),
            trade_no=text(node, "trade_no", limit=64),
            status=reading.status(node),
            amount_fen=reading.fen(node, "total_amount"),
            paid_at=reading.optional_moment(node, "send_pay_date"),
        )

    def _check_number(self, node: Document, out_trade_no: str, *, changes: bool) -> None:
        if node.get("out_trade_no") != out_trade_no:
            raise no_answer("about another order", changes=changes)

    def _form(self, method: str, product: str, trade: NewTrade) -> SignedForm:
        body = _trade_body(trade, product)
        if trade.quit_url and product == facts.WAP_PRODUCT:
            body["quit_url"] = trade.quit_url
        fields = self._fields(method, body, _addresses(trade))
        content = fields.pop("biz_content")
        action = f"{self.config.gateway_url}?{urlencode(fields)}"
        return SignedForm(action=action, fields={"biz_content": content})

    def _call(
        self,
        method: str,
        body: Mapping[str, Any],
        more: Mapping[str, str] | None = None,
        *,
        changes: bool,
    ) -> Document:
        fields = self._fields(method, body, more or {})
        content = fields.pop("biz_content")
        http = self._http or shared_client()
        request = http.build_request(
            "POST",
            f"{self.config.gateway_url}?{urlencode(fields)}",
            content=urlencode({"biz_content": content}).encode(),
            headers={
                "Content-Type": f"application/x-www-form-urlencoded;charset={facts.CHARSET}",
                "User-Agent": "xiangcao/1",
            },
        )
        answer = send(http, request, changes=changes)
        return believed_node(self.config, method, answer, changes=changes)

    def _fields(
        self, method: str, body: Mapping[str, Any], more: Mapping[str, str]
    ) -> dict[str, str]:
        fields = {
            "app_id": self.config.app_id,
            "method": method,
            "format": "JSON",
            "charset": facts.CHARSET,
            "sign_type": facts.SIGN_TYPE,
            "timestamp": reading.wire_time(self._now()),
            "version": facts.VERSION,
            "biz_content": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
            **{name: value for name, value in more.items() if value},
        }
        if self.config.is_certificate_mode:
            fields["app_cert_sn"] = certificate_serial(self.config.app_certificate_pem)
            fields["alipay_root_cert_sn"] = root_serial(self.config.root_certificates_pem)
        text_to_sign = signed_text(fields, without=_UNSIGNED)
        return fields | {"sign": sign(self.config.app_private_key_pem, text_to_sign)}


def _trade_body(trade: NewTrade, product: str) -> dict[str, Any]:
    return {
        "out_trade_no": trade.out_trade_no,
        "total_amount": yuan_of_fen(trade.amount_fen),
        "subject": clean_subject(trade.subject),
        "product_code": product,
        "time_expire": reading.wire_time(trade.expires_at),
    }


def clean_subject(subject: str) -> str:
    """Return the subject without the signs the gateway refuses, cut to its limit."""
    kept = "".join(" " if sign in facts.SUBJECT_FORBIDDEN else sign for sign in subject)
    return kept[: facts.SUBJECT_MAX]


def _addresses(trade: NewTrade) -> dict[str, str]:
    return {"notify_url": trade.notify_url, "return_url": trade.return_url}


def _read_refund(node: Document, out_trade_no: str, out_request_no: str) -> RefundResult:
    is_done = node.get("refund_status") == "REFUND_SUCCESS"
    named = (node.get("out_trade_no", out_trade_no), node.get("out_request_no", out_request_no))
    if named != (out_trade_no, out_request_no):
        raise StrictJsonError("out_request_no")
    return RefundResult(
        out_trade_no=out_trade_no,
        trade_no=optional_text(node, "trade_no", limit=64),
        out_request_no=out_request_no,
        status=RefundStatus.SUCCESS if is_done else RefundStatus.NOT_CONFIRMED,
        refund_fen=reading.fen(node, "refund_amount") if is_done else 0,
        refunded_at=reading.optional_moment(node, "gmt_refund_pay"),
    )


def _believe(read: Callable[[], T], *, changes: bool) -> T:
    try:
        return read()
    except StrictJsonError as error:
        raise no_answer(f"unexpected field: {error}", changes=changes) from error
