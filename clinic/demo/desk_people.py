"""The desk of the demo: teams, agents and what they have prepared. All of it is invented."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class DemoAgent:
    """One agent of the demo data; without languages he speaks all."""

    name: str
    phone: str
    nickname: str
    teams: tuple[str, ...]
    languages: tuple[str, ...] = ()
    max_chats: int = 5
    is_supervisor: bool = False


GENERAL, BILLING = "general", "billing"
AGENTS: Final = (
    DemoAgent("包青", "13800000002", "小青", (GENERAL, BILLING), is_supervisor=True),
    DemoAgent("蓝田", "13800000012", "小蓝", (GENERAL,), ("zh-hans",)),
    DemoAgent("满江", "13800000013", "小满", (GENERAL, BILLING), ("zh-hans", "en"), 3),
)
BILLING_HOURS: Final = (("09:00", "12:00"), ("13:00", "18:00"))  # Monday to Friday
TAGS: Final = (
    ("退款", "Refund", "#b91c1c"),
    ("支付", "Payment", "#b45309"),
    ("预约", "Appointment", "#0e7490"),
    ("问诊", "Consultation", "#15803d"),
    ("账号", "Account", "#6d28d9"),
)
CANNED: Final = (
    (
        "hello",
        "问候",
        "您好，{customer}，我是{agent}，请问有什么可以帮您？",
        "Hello {customer}, this is {agent}. How can I help you?",
    ),
    (
        "wait",
        "请稍候",
        "我正在为您查询，请稍候一两分钟。",
        "I am looking this up for you. One or two minutes, please.",
    ),
    (
        "refund",
        "退款说明",
        "退款会原路返回，一般一到三个工作日到账。",
        "A refund goes back the way it was paid, usually within one to three working days.",
    ),
    (
        "hours",
        "服务时间",
        "综合客服全天在线；账单与退款的服务时间是工作日 9:00-12:00、13:00-18:00。",
        "General is always there; Billing on working days, 9:00 to 12:00 and 13:00 to 18:00.",
    ),
    (
        "bye",
        "结束语",
        "感谢您的咨询，祝您健康！如方便请为本次服务评分。",
        "Thank you for writing, and stay well! Please rate this chat if you like.",
    ),
)
# Title, what it says, the tag it puts on, the team it hands over to, whether it ends the chat.
MACROS: Final = (
    ("转账单组处理退款", "refund", "退款", BILLING, False),
    ("致谢并结束", "bye", "问诊", "", True),
)

QUESTIONS: Final = (
    "你好，我昨天的退款还没有到账，能帮我查一下吗？",
    "请问怎么修改就诊人的手机号？",
    "图文咨询多久会有医生回复？",
    "我付款时提示订单已关闭，怎么办？",
    "想问一下周末门诊开不开？",
    "医生开的建议在哪里可以再看到？",
    "我想换一个医生，可以吗？",
    "发票怎么开？",
)
CUSTOMER_LINES: Final = ("好的，麻烦您了。", "明白了，谢谢！", "嗯嗯，没有别的问题了。")
AGENT_LINES: Final = (
    "您好，很高兴为您服务，我先看一下您的情况。",
    "已经为您核实，稍后会有通知，请留意消息。",
    "感谢您的咨询，祝您健康！",
)
