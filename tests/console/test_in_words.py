"""What machines call by codes the console tells in words, and it masks who pays."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from chat.services.messages import post_system_message
from clinic.accounts.models import User
from clinic.core.durations import duration_words
from clinic.core.models import OutboxEvent
from tests.console.conftest import SmallClinic, browser
from tests.customer_service.past import make_team

LENGTHS = {
    "en": ["2 days 30 minutes", "1 hour", "45 seconds", "0 seconds"],
    "zh-hans": ["2 天 30 分钟", "1 小时", "45 秒", "0 秒"],
}
WORDS = {
    "en": ("Order paid", "Customer service …", "The conversation has begun.", "30 minutes"),
    "zh-hans": ("订单已支付", "客服 …", "会话已开始", "30 分钟"),
}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_lengths_of_time_are_said_in_words(language: str) -> None:
    lengths = [
        timedelta(days=2, minutes=30),
        timedelta(hours=1),
        timedelta(seconds=45.6),
        timedelta(),
    ]

    with translation.override(language):
        assert [duration_words(length) for length in lengths] == LENGTHS[language]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_codes_are_told_in_words_and_who_pays_is_masked(
    chief: User, small_clinic: SmallClinic, language: str
) -> None:
    OutboxEvent.objects.create(kind="payments.OrderPaid", payload={}, pending=[])
    talk, order = small_clinic.conversation, small_clinic.order
    post_system_message(topic=talk.topic, code="conversation_opened", params={})
    make_team(resolution_target=timedelta(minutes=30))
    client = browser(chief, language)

    def page(screen: str, *key: int, action: str = "changelist") -> str:
        return client.get(reverse(f"admin:{screen}_{action}", args=key)).content.decode()

    shown = (
        page("core_outboxevent"),
        page("chat_conversation"),
        page("chat_conversation", talk.pk, action="change"),
        page("customer_service_team"),
    )

    for text, words in zip(shown, WORDS[language], strict=True):
        assert words in text
    assert talk.topic not in shown[1]
    assert "0:30:00" not in shown[3]
    for text in (
        page("payments_paymentorder"),
        page("payments_paymentorder", order.pk, action="change"),
    ):
        assert "林*月" in text
        assert "林小月" not in text
        assert reverse("admin:accounts_user_change", args=[small_clinic.patient.user.pk]) in text
