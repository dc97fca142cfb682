"""Shapes of money in requests and answers."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.serializers import Serializer

from clinic.core.api.fields import OneLineField
from clinic.core.api.query import PageQuery
from clinic.settings import rules
from payments.enums import (
    OrderStatus,
    PayMethod,
    RefundDestination,
    RefundReason,
    RefundStatus,
    RequestState,
    TransactionKind,
)
from payments.models import LedgerPosting, PaymentOrder, Refund, RefundRequest
from payments.titles import title_words

OPENID = r"^[0-9A-Za-z_\-]{1,128}$"


class OrderQuery(PageQuery):
    """Filters of one's own orders."""

    status = serializers.ChoiceField(choices=OrderStatus.choices, required=False)


class TitleField(serializers.CharField):
    """The title of an order in the reader's language."""

    def to_representation(self, value: str) -> str:
        """Return the words for what is stored."""
        return title_words(value)


class OrderOut(serializers.ModelSerializer[PaymentOrder]):
    """An order as its payer sees it."""

    id = serializers.UUIDField(source="public_id")
    subject_id = serializers.UUIDField(source="subject_public_id")
    title = TitleField()
    status = serializers.ChoiceField(choices=OrderStatus.choices)

    class Meta:
        model = PaymentOrder
        fields = [
            "id",
            "number",
            "subject_kind",
            "subject_id",
            "title",
            "amount_fen",
            "paid_fen",
            "refunded_fen",
            "status",
            "expires_at",
            "paid_at",
            "closed_at",
            "created_at",
        ]


class PayIn(Serializer[Any]):
    """How the payer wants to pay. ``openid`` names his WeChat account, for JSAPI alone."""

    method = serializers.ChoiceField(choices=PayMethod.choices)
    openid = serializers.RegexField(OPENID, max_length=128, required=False, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """JSAPI needs the payer's openid."""
        if attrs["method"] == PayMethod.WECHAT_JSAPI and not attrs["openid"]:
            raise serializers.ValidationError({"openid": _("Send the openid of the payer.")})
        return attrs


class JsapiParamsOut(Serializer[Any]):
    """What the client hands to ``wx.requestPayment``."""

    appId = serializers.CharField()  # noqa: N815 WeChat's names
    timeStamp = serializers.CharField()  # noqa: N815
    nonceStr = serializers.CharField()  # noqa: N815
    package = serializers.CharField()
    signType = serializers.CharField()  # noqa: N815
    paySign = serializers.CharField()  # noqa: N815


class AppParamsOut(Serializer[Any]):
    """What an app hands to the WeChat SDK."""

    appid = serializers.CharField()
    partnerid = serializers.CharField()
    prepayid = serializers.CharField()
    package = serializers.CharField()
    noncestr = serializers.CharField()
    timestamp = serializers.CharField()
    sign = serializers.CharField()


class FormOut(Serializer[Any]):
    """A form that the payer's browser posts to Alipay."""

    action = serializers.CharField()
    values = serializers.DictField(child=serializers.CharField())


class PayParamsOut(Serializer[Any]):
    """One of these, by the method asked for, or nothing when the order is paid.

    ``code_url`` is shown as a QR code, ``h5_url`` is opened, ``app_order`` goes to the Alipay SDK.
    """

    code_url = serializers.CharField(required=False)
    jsapi = JsapiParamsOut(required=False)
    h5_url = serializers.CharField(required=False)
    app = AppParamsOut(required=False)
    form = FormOut(required=False)
    app_order = serializers.CharField(required=False)


class PayableOut(Serializer[Any]):
    """The order and what the payer's device needs."""

    order = OrderOut()
    method = serializers.ChoiceField(choices=PayMethod.choices)
    params = PayParamsOut()
    payable_until = serializers.DateTimeField()


class RefundIn(Serializer[Any]):
    """A refund by staff: an amount, or ``all`` that is left; and why, for the audit log."""

    amount_fen = serializers.IntegerField(min_value=1, max_value=10**9, required=False)
    all = serializers.BooleanField(
        default=False, help_text="true for all that is left; then no amount_fen"
    )
    reason = OneLineField(
        max_length=120, help_text="for the audit log: no names, phones or medical words"
    )


class RefundOut(serializers.ModelSerializer[Refund]):
    """A refund as payer and staff see it."""

    id = serializers.UUIDField(source="public_id")
    status = serializers.ChoiceField(choices=RefundStatus.choices)
    reason = serializers.ChoiceField(choices=RefundReason.choices)
    destination = serializers.ChoiceField(choices=RefundDestination.choices)
    is_offered_to_balance = serializers.SerializerMethodField()

    class Meta:
        model = Refund
        fields = [
            "id",
            "amount_fen",
            "reason",
            "status",
            "destination",
            "is_offered_to_balance",
            "created_at",
            "completed_at",
        ]

    def get_is_offered_to_balance(self, refund: Refund) -> bool:
        """Say whether staff wait for the payer's yes to put the money on his balance."""
        offer = getattr(refund, "balance_offer", None)
        return offer is not None and offer.consented_at is None


class RefundRequestIn(Serializer[Any]):
    """What a payer asks for, and why in his words; without an amount all that is left."""

    amount_fen = serializers.IntegerField(min_value=1, max_value=10**9, required=False)
    reason = serializers.CharField(
        max_length=rules.REFUND_WORDS_MAX_CHARS, default="", allow_blank=True
    )


class RefundRequestOut(serializers.ModelSerializer[RefundRequest]):
    """A payer's request and what became of it."""

    id = serializers.UUIDField(source="public_id")
    state = serializers.ChoiceField(choices=RequestState.choices)

    class Meta:
        model = RefundRequest
        fields = ["id", "amount_fen", "reason", "state", "created_at", "decided_at"]


class BalanceOut(Serializer[Any]):
    """A balance."""

    balance_fen = serializers.IntegerField()


class StatementOut(serializers.ModelSerializer[LedgerPosting]):
    """One movement of a balance, with the balance after it."""

    kind = serializers.ChoiceField(choices=TransactionKind.choices, source="transaction.kind")
    order_id = serializers.UUIDField(source="transaction.order.public_id")
    title = TitleField(source="transaction.order.title")
    at = serializers.DateTimeField(source="transaction.created_at")

    class Meta:
        model = LedgerPosting
        fields = ["sequence", "kind", "amount_fen", "balance_after_fen", "order_id", "title", "at"]


class TopUpIn(Serializer[Any]):
    """How much to add, in fen."""

    amount_fen = serializers.IntegerField(
        min_value=rules.TOP_UP_MIN_FEN, max_value=rules.TOP_UP_MAX_FEN
    )
