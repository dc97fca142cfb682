"""Calls to WeChat Pay v2. Every answer is verified before it is believed."""

import os
import secrets
import ssl
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TypeVar

import httpx2

from clinic.adapters.downloads import HEADERS, Sink, download
from clinic.adapters.errors import AdapterError, DefiniteError, NotExistError, TransientError
from clinic.adapters.http import HttpAnswer, new_client, no_answer, send, shared_client
from clinic.adapters.wechatpay.facts import GATEWAY_ZONE
from clinic.adapters.wechatpay.strict_json import StrictJsonError, text
from clinic.adapters.wechatpay.types import (
    AppParams,
    AppPrepay,
    CloseResult,
    H5Prepay,
    JsapiParams,
    JsapiPrepay,
    NativePrepay,
    NewOrder,
    NewRefund,
    RefundResult,
    Transaction,
)
from clinic.adapters.wechatpay_v2 import facts
from clinic.adapters.wechatpay_v2.config import MerchantV2Config, SignType
from clinic.adapters.wechatpay_v2.reading import (
    read_accepted_refund,
    read_refund,
    read_transaction,
)
from clinic.adapters.wechatpay_v2.signing import is_signed, signature_of
from clinic.adapters.wechatpay_v2.xml import StrictXmlError, read_flat, write_flat

T = TypeVar("T")
Members = dict[str, str]


def _utc_now() -> datetime:
    return datetime.now(UTC)


@lru_cache(maxsize=8)
def _client_with_certificate(
    _pid: int, certificate: str, key: str, authority: str
) -> httpx2.Client:
    context = ssl.create_default_context(cafile=authority or None)
    context.load_cert_chain(certificate, key)
    return new_client(verify=context)


class WeChatPayV2Client:
    """One merchant's calls. Safe to share between threads; numbers are the idempotency keys.

    Every method raises DefiniteError (refused), TransientError (repeat as it is) or, when it
    changes something, UnknownOutcomeError (query the number).
    """

    def __init__(
        self,
        config: MerchantV2Config,
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
        answer = self._create(order, "NATIVE", {"product_id": order.out_trade_no})
        return NativePrepay(_believe(lambda: text(answer, "code_url", limit=512), changes=True))

    def create_jsapi(self, order: NewOrder, openid: str) -> JsapiPrepay:
        """Return the prepared payment of one WeChat user."""
        return JsapiPrepay(_prepay_id(self._create(order, "JSAPI", {"openid": openid})))

    def create_h5(self, order: NewOrder, payer_ip: str) -> H5Prepay:
        """Return the address that opens the payment in a phone's browser."""
        answer = self._create(order, "MWEB", {"spbill_create_ip": payer_ip})
        return H5Prepay(_believe(lambda: text(answer, "mweb_url", limit=512), changes=True))

    def create_app(self, order: NewOrder) -> AppPrepay:
        """Return the prepared payment of an app."""
        return AppPrepay(_prepay_id(self._create(order, "APP", {})))

    def jsapi_client_params(
        self, prepay_id: str, *, now: datetime | None = None, nonce: str | None = None
    ) -> JsapiParams:
        """Return the signed parameters with which the client opens the payment."""
        members = {
            "appId": self.config.appid,
            "timeStamp": str(int((now or self._now()).timestamp())),
            "nonceStr": nonce or _nonce(),
            "package": f"prepay_id={prepay_id}",
            "signType": self.config.sign_type.value,
        }
        return JsapiParams(
            app_id=members["appId"],
            time_stamp=members["timeStamp"],
            nonce_str=members["nonceStr"],
            package=members["package"],
            sign_type=members["signType"],
            pay_sign=signature_of(self.config, members),
        )

    def app_client_params(
        self, prepay_id: str, *, now: datetime | None = None, nonce: str | None = None
    ) -> AppParams:
        """Return the signed parameters with which an app opens the payment."""
        members = {
            "appid": self.config.appid,
            "partnerid": self.config.mchid,
            "prepayid": prepay_id,
            "package": "Sign=WXPay",
            "noncestr": nonce or _nonce(),
            "timestamp": str(int((now or self._now()).timestamp())),
        }
        return AppParams(
            app_id=members["appid"],
            partner_id=members["partnerid"],
            prepay_id=prepay_id,
            nonce_str=members["noncestr"],
            time_stamp=members["timestamp"],
            sign=signature_of(self.config, members),
        )

    def query_by_out_trade_no(self, out_trade_no: str) -> Transaction:
        """Return the payment as the gateway sees it, or raise NotExistError."""
        answer = self._call("/pay/orderquery", {"out_trade_no": out_trade_no}, changes=False)
        found = _believe(lambda: read_transaction(answer), changes=False)
        if found.out_trade_no != out_trade_no:
            raise no_answer("about another order", changes=False)
        return found

    def close(self, out_trade_no: str) -> CloseResult:
        """Close the order for payment. ALREADY_PAID means: query it. Closing twice is harmless."""
        try:
            self._call("/pay/closeorder", {"out_trade_no": out_trade_no}, changes=True)
        except NotExistError:
            return CloseResult.NOT_EXIST
        except DefiniteError as error:
            if error.code in facts.ORDER_PAID:
                return CloseResult.ALREADY_PAID
            if error.code not in facts.ORDER_CLOSED:
                raise
        return CloseResult.CLOSED

    def refund(self, refund: NewRefund) -> RefundResult:
        """Ask for a refund; the answer means accepted. Repeat only with the same body."""
        members = {
            "out_trade_no": refund.out_trade_no,
            "out_refund_no": refund.out_refund_no,
            "total_fee": str(refund.total_fen),
            "refund_fee": str(refund.refund_fen),
            "refund_desc": refund.reason,
            "notify_url": refund.notify_url,
        }
        request = self._request("/secapi/pay/refund", members, is_secured=True)
        answer = self._believed(send(self._secured(), request, changes=True), changes=True)
        found = _believe(lambda: read_accepted_refund(answer), changes=True)
        if found.out_refund_no != refund.out_refund_no:
            raise no_answer("about another refund", changes=True)
        return found

    def query_refund(self, out_refund_no: str) -> RefundResult:
        """Return the refund as the gateway sees it, or raise NotExistError."""
        answer = self._call("/pay/refundquery", {"out_refund_no": out_refund_no}, changes=False)
        return _believe(lambda: read_refund(answer, out_refund_no), changes=False)

    def _create(self, order: NewOrder, trade_type: str, more: Mapping[str, str]) -> Members:
        expires_at = order.expires_at.astimezone(GATEWAY_ZONE)
        members = {
            "body": order.description,
            "out_trade_no": order.out_trade_no,
            "total_fee": str(order.amount_fen),
            "spbill_create_ip": self.config.server_address,
            "time_expire": expires_at.strftime("%Y%m%d%H%M%S"),
            "notify_url": order.notify_url,
            "trade_type": trade_type,
            "attach": order.attach,
            **more,
        }
        return self._call("/pay/unifiedorder", members, changes=True)

    def _secured(self) -> httpx2.Client:
        config = self.config
        if not config.client_certificate_path:
            return self._plain()
        paths = (config.client_certificate_path, config.client_key_path, config.server_ca_path)
        return _client_with_certificate(os.getpid(), *paths)

    def _plain(self) -> httpx2.Client:
        return self._http or shared_client()

    def download_bill(self, day: date, sink: Sink) -> None:
        """Fetch the bill of payments and refunds of a day; a refusal comes as XML instead."""
        members = {"bill_date": day.strftime("%Y%m%d"), "bill_type": "ALL"}
        request = self._request("/pay/downloadbill", members)
        request.headers.update(HEADERS)
        download(self._plain(), request, sink)

    def download_flow_bill(self, day: date, sink: Sink) -> None:
        """Fetch the bill of the account's movements; signed by HMAC whatever the merchant uses."""
        members = {"bill_date": day.strftime("%Y%m%d"), "account_type": "Basic"}
        signer = replace(self.config, sign_type=SignType.HMAC_SHA256)
        request = self._request("/pay/downloadfundflow", members, is_secured=True, signer=signer)
        request.headers.update(HEADERS)
        download(self._secured(), request, sink)

    def _call(self, path: str, members: Mapping[str, str], *, changes: bool) -> Members:
        request = self._request(path, members)
        return self._believed(send(self._plain(), request, changes=changes), changes=changes)

    def _request(
        self,
        path: str,
        members: Mapping[str, str],
        *,
        is_secured: bool = False,
        signer: MerchantV2Config | None = None,
    ) -> httpx2.Request:
        config = signer or self.config
        filled = {name: value for name, value in members.items() if value} | {
            "appid": config.appid,
            "mch_id": config.mchid,
            "nonce_str": _nonce(),
            "sign_type": config.sign_type.value,
        }
        filled["sign"] = signature_of(config, filled)
        address = (config.secure_base_url if is_secured else "") or config.base_url
        http = self._secured() if is_secured else self._plain()
        return http.build_request(
            "POST",
            address.rstrip("/") + path,
            content=write_flat(filled),
            headers={"Content-Type": "text/xml; charset=utf-8", "User-Agent": "xiangcao/1"},
        )

    def _believed(self, answer: HttpAnswer, *, changes: bool) -> Members:
        if answer.status != httpx2.codes.OK:
            raise no_answer(f"HTTP {answer.status}", changes=changes)
        try:
            members = read_flat(answer.body)
        except StrictXmlError as error:
            raise no_answer(f"unexpected XML: {error}", changes=changes) from error
        if members.get("return_code") != "SUCCESS":  # such an answer is never signed
            raise no_answer("call not understood", changes=changes)
        if not is_signed(self.config, members):
            raise no_answer("signature refused", changes=changes)
        if (members.get("appid"), members.get("mch_id")) != (self.config.appid, self.config.mchid):
            raise no_answer("about another merchant", changes=changes)
        if members.get("result_code") != "SUCCESS":
            raise _refusal(members.get("err_code", ""), changes=changes)
        return members


def _refusal(code: str, *, changes: bool) -> AdapterError:
    code = code[:40] if code.isascii() else ""
    if code in facts.OUTCOME_UNKNOWN:
        return no_answer(code, changes=changes, code=code)
    if code in facts.TRY_LATER:
        return TransientError(code, code=code)
    if code in facts.ORDER_NOT_EXIST:
        return NotExistError(code, code=code, status=httpx2.codes.OK)
    return DefiniteError(code, code=code, status=httpx2.codes.OK)


def _prepay_id(answer: Members) -> str:
    return _believe(lambda: text(answer, "prepay_id", limit=64), changes=True)


def _nonce() -> str:
    return secrets.token_hex(16).upper()


def _believe(read: Callable[[], T], *, changes: bool) -> T:
    try:
        return read()
    except StrictJsonError as error:
        raise no_answer(f"unexpected field: {error}", changes=changes) from error
