"""Calls to WeChat Pay APIv3. Every answer is verified before it is believed."""

import json
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote

import httpx2

from clinic.adapters.downloads import HEADERS, Sink, address_at, download
from clinic.adapters.errors import (
    AdapterError,
    DefiniteError,
    NotExistError,
    NotReachedError,
    TransientError,
)
from clinic.adapters.http import HttpAnswer, no_answer, send, shared_client
from clinic.adapters.wechatpay import facts
from clinic.adapters.wechatpay.certificates import encrypted_field, read_certificates
from clinic.adapters.wechatpay.config import MerchantConfig
from clinic.adapters.wechatpay.reading import read_refund, read_transaction
from clinic.adapters.wechatpay.signing import (
    SignatureRefused,
    authorization,
    check_signature,
    sign,
)
from clinic.adapters.wechatpay.strict_json import Document, StrictJsonError, parse_object, text
from clinic.adapters.wechatpay.types import (
    AbnormalRefundPayee,
    AnnouncedBill,
    AppParams,
    AppPrepay,
    BankCard,
    CloseResult,
    H5Prepay,
    JsapiParams,
    JsapiPrepay,
    NativePrepay,
    NewOrder,
    NewRefund,
    PlatformCertificate,
    RefundResult,
    Transaction,
)

T = TypeVar("T")


def _utc_now() -> datetime:
    return datetime.now(UTC)


class WeChatPayClient:
    """One merchant's calls. Safe to share between threads; numbers are the idempotency keys.

    Every method raises DefiniteError (refused), TransientError (repeat as it is) or, when it
    changes something, UnknownOutcomeError (query the number).
    """

    def __init__(
        self,
        config: MerchantConfig,
        *,
        http: httpx2.Client | None = None,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        """Use the process's pool unless another client is given."""
        self.config = config
        self._http = http
        self._now = now

    def create_native(self, order: NewOrder) -> NativePrepay:
        """Return the address for a QR code; repeating the same order is harmless."""
        answer = self._change("/v3/pay/transactions/native", self._order_body(order))
        return NativePrepay(_believe(lambda: text(answer, "code_url", limit=512), changes=True))

    def create_jsapi(self, order: NewOrder, openid: str) -> JsapiPrepay:
        """Return the prepared payment of one WeChat user."""
        body = self._order_body(order) | {"payer": {"openid": openid}}
        answer = self._change("/v3/pay/transactions/jsapi", body)
        return JsapiPrepay(_believe(lambda: text(answer, "prepay_id", limit=64), changes=True))

    def jsapi_client_params(
        self, prepay_id: str, *, now: datetime | None = None, nonce: str | None = None
    ) -> JsapiParams:
        """Return the signed parameters with which the client opens the payment."""
        stamp = str(int((now or self._now()).timestamp()))
        nonce = nonce or _nonce()
        package = f"prepay_id={prepay_id}"
        key = self.config.merchant_private_key_pem
        return JsapiParams(
            app_id=self.config.appid,
            time_stamp=stamp,
            nonce_str=nonce,
            package=package,
            sign_type="RSA",
            pay_sign=sign(key, self.config.appid, stamp, nonce, package),
        )

    def create_h5(self, order: NewOrder, payer_ip: str) -> H5Prepay:
        """Return the address that opens the payment in a phone's browser."""
        scene = {"payer_client_ip": payer_ip, "h5_info": {"type": "Wap"}}
        body = self._order_body(order) | {"scene_info": scene}
        answer = self._change("/v3/pay/transactions/h5", body)
        return H5Prepay(_believe(lambda: text(answer, "h5_url", limit=512), changes=True))

    def create_app(self, order: NewOrder) -> AppPrepay:
        """Return the prepared payment of an app."""
        answer = self._change("/v3/pay/transactions/app", self._order_body(order))
        return AppPrepay(_believe(lambda: text(answer, "prepay_id", limit=64), changes=True))

    def app_client_params(
        self, prepay_id: str, *, now: datetime | None = None, nonce: str | None = None
    ) -> AppParams:
        """Return the signed parameters with which an app opens the payment."""
        stamp = str(int((now or self._now()).timestamp()))
        nonce = nonce or _nonce()
        key = self.config.merchant_private_key_pem
        return AppParams(
            app_id=self.config.appid,
            partner_id=self.config.mchid,
            prepay_id=prepay_id,
            nonce_str=nonce,
            time_stamp=stamp,
            sign=sign(key, self.config.appid, stamp, nonce, prepay_id),
        )

    def query_by_out_trade_no(self, out_trade_no: str) -> Transaction:
        """Return the payment as the gateway sees it, or raise NotExistError."""
        path = f"/v3/pay/transactions/out-trade-no/{quote(out_trade_no, safe='')}"
        answer = self._read(path, {"mchid": self.config.mchid})
        found = _believe(lambda: read_transaction(answer), changes=False)
        expected = (self.config.mchid, self.config.appid, out_trade_no)
        if (found.mchid, found.appid, found.out_trade_no) != expected:
            raise no_answer("about another order", changes=False)
        return found

    def close(self, out_trade_no: str) -> CloseResult:
        """Close the order for payment. ALREADY_PAID means: query it. Closing twice is harmless."""
        path = f"/v3/pay/transactions/out-trade-no/{quote(out_trade_no, safe='')}/close"
        try:
            self._change(path, {"mchid": self.config.mchid})
        except NotExistError:
            return CloseResult.NOT_EXIST
        except DefiniteError as error:
            if error.code in facts.ORDER_PAID:
                return CloseResult.ALREADY_PAID
            if error.code in facts.ORDER_CLOSED:
                return CloseResult.CLOSED
            raise
        return CloseResult.CLOSED

    def refund(self, refund: NewRefund) -> RefundResult:
        """Ask for a refund; the answer means accepted. Repeat only with the same body."""
        body: dict[str, Any] = {
            "out_trade_no": refund.out_trade_no,
            "out_refund_no": refund.out_refund_no,
            "notify_url": refund.notify_url,
            "amount": {
                "refund": refund.refund_fen,
                "total": refund.total_fen,
                "currency": facts.CURRENCY,
            },
        }
        if refund.reason:
            body["reason"] = refund.reason
        answer = self._change("/v3/refund/domestic/refunds", body)
        return _own_refund(answer, refund.out_refund_no, changes=True)

    def query_refund(self, out_refund_no: str) -> RefundResult:
        """Return the refund as the gateway sees it, or raise NotExistError."""
        answer = self._read(f"/v3/refund/domestic/refunds/{quote(out_refund_no, safe='')}", {})
        return _own_refund(answer, out_refund_no, changes=False)

    def apply_abnormal_refund(
        self, refund_id: str, out_refund_no: str, card: BankCard | None = None
    ) -> RefundResult:
        """Send the money of an ABNORMAL refund to a patient's card, or without one to our own."""
        payee = AbnormalRefundPayee.PATIENT_CARD if card else AbnormalRefundPayee.MERCHANT_CARD
        body = {"out_refund_no": out_refund_no, "type": payee.value}
        if card is not None:
            body |= {
                "bank_type": card.bank_type,
                "bank_account": encrypted_field(self.config, card.account),
                "real_name": encrypted_field(self.config, card.holder),
            }
        number = quote(refund_id, safe="")
        path = f"/v3/refund/domestic/refunds/{number}/apply-abnormal-refund"
        return _own_refund(self._change(path, body), out_refund_no, changes=True)

    def platform_certificates(self) -> list[PlatformCertificate]:
        """Return the gateway's certificates in force or to come; add them, never replace.

        Each came encrypted under our APIv3 key and is within its dates, and the list is signed by
        a key already configured or by one of its own: a first list has nothing else to go by.
        """
        answer = self._send("GET", "/v3/certificates", {}, "", changes=False)
        if answer.status != httpx2.codes.OK:
            raise no_answer(f"HTTP {answer.status}", changes=False)
        document = _believe(lambda: parse_object(answer.body), changes=False)
        found = _believe(lambda: read_certificates(self.config, document), changes=False)
        known = {**self.config.platform_keys, **{item.serial: item.pem for item in found}}
        try:
            believed = replace(self.config, platform_keys=known)
            check_signature(believed, answer.headers, answer.body, self._now())
        except SignatureRefused as refused:
            raise no_answer(f"signature refused: {refused.reason}", changes=False) from refused
        return [item for item in found if item.valid_until > self._now()]

    def announced_bill(self, path: str, query: Mapping[str, str]) -> AnnouncedBill:
        """Return where a bill is and the hash of its text."""
        answer = self._read(path, query)
        if answer.get("hash_type") != "SHA1":
            raise no_answer("unexpected hash", changes=False)
        return AnnouncedBill(
            url=_believe(lambda: text(answer, "download_url", limit=2048), changes=False),
            sha1=_believe(lambda: text(answer, "hash_value", limit=64), changes=False),
        )

    def download(self, url: str, sink: Sink) -> None:
        """Fetch a file of the gateway piece by piece. The answer is not signed: check a hash."""
        address = address_at(url, self.config.hosts)
        http = self._http or shared_client()
        headers = self._headers("GET", address, "") | HEADERS
        download(http, http.build_request("GET", address, headers=headers), sink)

    def _order_body(self, order: NewOrder) -> dict[str, Any]:
        expires_at = order.expires_at.astimezone(facts.GATEWAY_ZONE)
        body: dict[str, Any] = {
            "appid": self.config.appid,
            "mchid": self.config.mchid,
            "description": order.description,
            "out_trade_no": order.out_trade_no,
            "time_expire": expires_at.isoformat(timespec="seconds"),
            "notify_url": order.notify_url,
            "amount": {"total": order.amount_fen, "currency": facts.CURRENCY},
        }
        if order.attach:
            body["attach"] = order.attach
        return body

    def _read(self, path: str, query: Mapping[str, str]) -> Document:
        return self._call("GET", path, query, "", changes=False)

    def _change(self, path: str, body: Mapping[str, Any]) -> Document:
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return self._call("POST", path, {}, content, changes=True)

    def _call(
        self, method: str, path: str, query: Mapping[str, str], body: str, *, changes: bool
    ) -> Document:
        answer = self._send(method, path, query, body, changes=changes)
        try:
            check_signature(self.config, answer.headers, answer.body, self._now())
        except SignatureRefused as refused:
            reason = f"HTTP {answer.status}, signature refused: {refused.reason}"
            raise no_answer(reason, changes=changes) from refused
        return _document(answer, changes=changes)

    def _send(
        self, method: str, path: str, query: Mapping[str, str], body: str, *, changes: bool
    ) -> HttpAnswer:
        """Return the answer; the spare host is asked only when no connection came about."""
        *others, last = self.config.hosts
        for host in others:
            with suppress(NotReachedError):
                return self._send_to(host, method, path, query, body, changes=changes)
        return self._send_to(last, method, path, query, body, changes=changes)

    def _send_to(
        self,
        host: str,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: str,
        *,
        changes: bool,
    ) -> HttpAnswer:
        http = self._http or shared_client()
        url = httpx2.URL(host.rstrip("/") + path, params=dict(query) or None)
        headers = self._headers(method, url, body)
        request = http.build_request(method, url, content=body.encode() or None, headers=headers)
        return send(http, request, changes=changes)

    def _headers(self, method: str, url: httpx2.URL, body: str) -> dict[str, str]:
        target = url.raw_path.decode("ascii")  # the very bytes that are sent
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "xiangcao/1",
            "Authorization": authorization(
                self.config,
                method=method,
                target=target,
                body=body,
                now=self._now(),
                nonce=_nonce(),
            ),
        }
        if self.config.answer_key_id:
            headers["Wechatpay-Serial"] = self.config.answer_key_id
        return headers


def _nonce() -> str:
    return secrets.token_hex(16).upper()


def _document(answer: HttpAnswer, *, changes: bool) -> Document:
    if answer.status == httpx2.codes.NO_CONTENT:
        return {}
    document = _believe(lambda: parse_object(answer.body), changes=changes)
    if answer.status in {httpx2.codes.OK, httpx2.codes.ACCEPTED}:
        return document
    raise _refusal(answer.status, document, changes=changes)


def _refusal(status: int, document: Document, *, changes: bool) -> AdapterError:
    code = document.get("code")
    code = code if isinstance(code, str) and code.isascii() else ""
    message = f"HTTP {status} {code[:40]}"
    if status >= httpx2.codes.INTERNAL_SERVER_ERROR:
        return no_answer(message, changes=changes, code=code)
    if status == httpx2.codes.TOO_MANY_REQUESTS or code in facts.TRY_LATER:
        return TransientError(message, code=code)
    if code in facts.ORDER_NOT_EXIST or code in facts.NO_BILL:
        return NotExistError(message, code=code, status=status)
    return DefiniteError(message, code=code, status=status)


def _own_refund(answer: Document, out_refund_no: str, *, changes: bool) -> RefundResult:
    found = _believe(lambda: read_refund(answer), changes=changes)
    if found.out_refund_no != out_refund_no:
        raise no_answer("about another refund", changes=changes)
    return found


def _believe(read: Callable[[], T], *, changes: bool) -> T:
    try:
        return read()
    except StrictJsonError as error:
        raise no_answer(f"unexpected field: {error}", changes=changes) from error
