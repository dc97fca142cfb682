"""The page's words in English and Chinese."""

from collections.abc import Callable
from typing import Literal

Language = Literal["zh", "en"]
Say = Callable[[str], str]

_CHINESE = {
    "Payment gateway simulator": "支付网关模拟器",
    "No real money moves here. Everything on this page stays on this machine.": (
        "这里没有真实资金流动,页面上的一切都只在本机。"
    ),
    "Open orders": "待支付订单",
    "Finished orders": "已结束订单",
    "Refunds": "退款",
    "Messages": "短信收件箱",
    "Notifications": "通知记录",
    "Faults": "故障开关",
    "Settings": "设置",
    "Pay": "支付",
    "Decline": "支付失败",
    "Expire": "过期",
    "Pay although closed": "关单后支付",
    "Refund outside": "商户平台退款",
    "Next refund abnormal": "下次退款异常",
    "Open payment page": "打开支付页",
    "Succeed": "成功",
    "Abnormal": "异常",
    "Close": "关闭",
    "Send again": "重新发送",
    "Remove": "移除",
    "Add": "添加",
    "Save": "保存",
    "Empty everything": "清空全部",
    "Nothing yet.": "暂无内容。",
    "Order": "订单号",
    "Amount": "金额",
    "State": "状态",
    "Made": "创建时间",
    "Ends": "截止时间",
    "Actions": "操作",
    "Refund": "退款单号",
    "Phone": "手机号",
    "Template": "模板",
    "Content": "内容",
    "Time": "时间",
    "Event": "事件",
    "Tries": "尝试与应答",
    "Next": "下次",
    "Kind": "类型",
    "Scope": "范围",
    "Times left": "剩余次数",
    "Value (seconds or count)": "数值(秒或次数)",
    "Order number, * for all": "订单号,* 表示全部",
    "Times, empty for ever": "次数,留空为一直",
    "for ever": "一直",
    "no answer": "无应答",
    "Pay this order": "支付订单",
    "Merchant": "商户",
    "Xiangcao Online Clinic": "香草在线诊所",
    "Scan or press the button.": "扫码或点击按钮支付。",
    "Back to the overview": "返回总览",
    "This order is finished.": "该订单已结束。",
    "Not possible": "操作未成功",
    "This form has expired: open the page again.": "表单已失效,请重新打开页面。",
    "There is no such page.": "页面不存在。",
    "NOTPAY": "待支付",
    "PAYERROR": "支付失败",
    "SUCCESS": "成功",
    "REFUND": "已退款",
    "CLOSED": "已关闭",
    "PROCESSING": "处理中",
    "ABNORMAL": "异常",
    "waiting": "等待",
    "delivered": "已送达",
    "given_up": "已放弃",
    "time_factor": "时间倍数",
    "min_close_age_seconds": "最早关单(秒)",
    "refund_delay_seconds": "退款耗时(秒)",
    "refund_spacing_seconds": "退款间隔(秒)",
    "seed": "随机种子",
    "error_before_commit": "处理前报错 500",
    "error_after_commit": "处理后报错 500",
    "reset_answer": "应答中断",
    "slow_answer": "应答缓慢",
    "unsigned_answer": "应答无签名",
    "forged_answer": "应答签名伪造",
    "signtest_answer": "应答探测签名",
    "stale_answer": "应答时间过旧",
    "future_answer": "应答时间超前",
    "duplicate": "通知重复",
    "delay": "通知延迟",
    "reorder": "通知乱序",
    "drop": "通知丢失",
    "wrong_amount": "通知金额错误",
    "wrong_appid": "通知 appid 错误",
    "wrong_mchid": "通知商户号错误",
    "foreign_key": "通知签名伪造",
    "unknown_serial": "通知序列号未知",
    "signtest": "通知探测签名",
    "stale": "通知时间过旧",
    "future": "通知时间超前",
    "pay_after_close": "关单后到账",
    "refund_abnormal": "退款异常",
    "refund_closed": "退款关闭",
    "sms_refused": "短信流控",
}


def speaker(language: Language) -> Say:
    """Return the function that says a phrase in the language; English names show as words."""
    if language == "zh":
        return lambda phrase: _CHINESE.get(phrase, phrase)
    return lambda phrase: phrase.replace("_", " ") if phrase.islower() else phrase


def choose_language(asked: str, remembered: str, accepted: str) -> Language:
    """Return the language asked for, remembered, or accepted first; else Chinese."""
    for wish in (asked, remembered):
        if wish in {"zh", "en"}:
            return "zh" if wish == "zh" else "en"
    first = accepted.strip().lower()
    return "en" if first.startswith("en") else "zh"
