"""What the page shows, as HTML."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import segno

from clinic.adapters.wechatpay.facts import GATEWAY_ZONE
from clinic.embedded.simulator import accounts, aliyun, calls, notices, orders, platform, refunds
from clinic.embedded.simulator.html import Html, Node, join, tag
from clinic.embedded.simulator.model import (
    OPEN_STATES,
    PAID_STATES,
    Attempt,
    Fault,
    Gateway,
    Notification,
    NumberBinding,
    Order,
    OrderState,
    PlatformKey,
    Refund,
    RefundState,
    SignedBy,
    Sms,
)
from clinic.embedded.simulator.state import SETTINGS, FaultKind, SimulatorState
from clinic.embedded.simulator.words import Language, Say, speaker

_ROWS = 40


@dataclass(frozen=True, kw_only=True)
class Look:
    """How to show things to this visitor; the token stands in each of his forms."""

    language: Language
    form_token: str

    @property
    def say(self) -> Say:
        """The visitor's words."""
        return speaker(self.language)

    def button(self, action: str, label: str, *, style: str = "", **values: str) -> Html:
        """Return a form of one button."""
        hidden = [tag("input", type="hidden", name=name, value=v) for name, v in values.items()]
        return self.form(action, hidden, tag("button", self.say(label), class_=style or None))

    def form(self, action: str, *children: Node, style: str = "") -> Html:
        """Return a form that posts to a page route."""
        secret = tag("input", type="hidden", name="form_token", value=self.form_token)
        return tag("form", secret, *children, method="post", action=action, class_=style or None)


def document(look: Look, *body: Node) -> Html:
    """Return a whole page."""
    say = look.say
    title = say("Payment gateway simulator")
    other: Language = "en" if look.language == "zh" else "zh"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        tag("link", rel="stylesheet", href="/page.css"),
        tag("script", src="/page.js", defer=True),
    )
    switch = tag("a", "English" if other == "en" else "中文", href=f"?lang={other}", lang=other)
    top = tag(
        "div",
        tag("h1", title),
        tag("p", say("No real money moves here. Everything on this page stays on this machine.")),
        switch,
        class_="in",
    )
    language = "zh-Hans" if look.language == "zh" else "en"
    page = tag("html", head, tag("body", tag("header", top), *body), lang=language)
    return Html(f"<!doctype html>{page}")


def overview(state: SimulatorState, look: Look) -> Html:
    """Return the page of everything, newest first."""
    known = orders.recent(state, _ROWS)
    still_open = [order for order in known if order.state in OPEN_STATES]
    finished = [order for order in known if order.state not in OPEN_STATES]
    sections = (
        _section(look, "Open orders", _ORDER_HEADS, [_order_row(look, o) for o in still_open]),
        _messages(state, look),
        _calls(state, look),
        _section(look, "Finished orders", _ORDER_HEADS, [_order_row(look, o) for o in finished]),
        _refunds(state, look),
        _accounts(state, look),
        _notifications(state, look),
        _faults(state, look),
        _keys(state, look),
        _settings(state, look),
    )
    return document(look, tag("main", *sections, data_live=True))


_ORDER_HEADS = ("Order", "Amount", "State", "Made", "Ends", "Actions")


def _section(look: Look, title: str, heads: Sequence[str], rows: Sequence[Html]) -> Html:
    count = tag("span", len(rows), class_="count")
    heading = tag("h2", look.say(title), count)
    if not rows:
        return tag("section", heading, tag("p", look.say("Nothing yet."), class_="empty"))
    top = tag("tr", [tag("th", look.say(name)) for name in heads])
    return tag("section", heading, tag("table", tag("thead", top), tag("tbody", rows)))


def _row(*cells: Node) -> Html:
    return tag("tr", [tag("td", cell) for cell in cells])


def _badge(look: Look, state: str) -> Html:
    return tag("span", look.say(state), class_=f"badge {state}")


def _order_row(look: Look, order: Order) -> Html:
    way = f"{look.say(order.gateway)} · {look.say(order.channel)} · "
    name = [tag("code", order.out_trade_no), tag("br"), tag("small", way, order.description)]
    return _row(
        name,
        yuan(order.total_fen),
        _badge(look, order.state),
        clock_time(order.created_at),
        clock_time(order.expires_at),
        _order_actions(look, order),
    )


def _order_actions(look: Look, order: Order) -> Iterable[Html]:
    base = f"/pages/orders/{quote(order.out_trade_no, safe='')}"
    if order.state in OPEN_STATES:
        yield look.button(f"{base}/pay", "Pay", style="main")
        yield look.button(f"{base}/decline", "Decline")
        yield look.button(f"{base}/expire", "Expire")
        if order.gateway is Gateway.ALIPAY and not order.is_scanned:
            yield look.button(f"{base}/scan", "Scan")
        label = look.say("Open payment page")
        yield tag("a", label, href=f"/pay/{order.token}", class_="button")
    elif order.state is OrderState.CLOSED:
        yield look.button(f"{base}/pay-late", "Pay although closed")
    elif order.state in PAID_STATES:
        yield look.button(f"{base}/refund", "Refund outside")
        yield look.button(f"{base}/refund-abnormal", "Next refund abnormal")
        if order.gateway is Gateway.ALIPAY and order.state is not OrderState.FINISHED:
            yield look.button(f"{base}/finish", "Finish")


def _refunds(state: SimulatorState, look: Look) -> Html:
    heads = ("Refund", "Order", "Amount", "State", "Made", "Actions")
    return _section(
        look, "Refunds", heads, [_refund_row(look, found) for found in refunds.recent(state, _ROWS)]
    )


def _refund_row(look: Look, refund: Refund) -> Html:
    base = f"/pages/refunds/{quote(refund.out_refund_no, safe='')}/settle"
    choices = (
        (RefundState.SUCCESS, "Succeed"),
        (RefundState.ABNORMAL, "Abnormal"),
        (RefundState.CLOSED, "Close"),
    )
    is_open = refund.state in {RefundState.PROCESSING, RefundState.ABNORMAL}
    buttons = [
        look.button(base, label, status=outcome)
        for outcome, label in choices
        if is_open and outcome is not refund.state
    ]
    return _row(
        tag("code", refund.out_refund_no),
        tag("code", refund.out_trade_no),
        yuan(refund.amount_fen),
        _badge(look, refund.state),
        clock_time(refund.created_at),
        buttons,
    )


def _accounts(state: SimulatorState, look: Look) -> Html:
    rows = [
        _row(
            look.say(house),
            yuan(accounts.balance(state, house)),
            look.button(f"/pages/accounts/{house}/payout", "Pay out to the bank"),
        )
        for house in accounts.HOUSES
    ]
    return _section(look, "Accounts", ("Account", "Balance", "Actions"), rows)


def _messages(state: SimulatorState, look: Look) -> Html:
    rows = [_message_row(sms) for sms in aliyun.inbox(state, limit=_ROWS)]
    return _section(look, "Messages", ("Time", "Phone", "Content", "Template"), rows)


def _message_row(sms: Sms) -> Html:
    values = json.loads(sms.params)
    content = " · ".join(f"{name}: {value}" for name, value in values.items())
    return _row(
        clock_time(sms.at),
        tag("code", sms.phone),
        [tag("b", content), tag("br"), tag("small", sms.sign_name)],
        tag("code", sms.template_code),
    )


_TALK = "60"  # seconds
_DIALS = (
    ("a", _TALK, "A dials, 1 minute"),
    ("b", _TALK, "B dials, 1 minute"),
    ("a", "0", "No answer"),
)


def _calls(state: SimulatorState, look: Look) -> Html:
    heads = ("Made", "Phone A", "Phone B", "Relay number", "Ends", "Actions")
    rows = [_binding_row(state, look, found) for found in calls.bindings(state, _ROWS)]
    return _section(look, "Phone calls", heads, rows)


def _binding_row(state: SimulatorState, look: Look, found: NumberBinding) -> Html:
    base = f"/pages/calls/{found.sub_id}/dial"
    is_alive = calls.is_alive(state, found)
    return _row(
        clock_time(found.at),
        tag("code", found.phone_a),
        tag("code", found.phone_b),
        tag("code", found.relay_number),
        clock_time(found.released_at or found.expires_at),
        [
            look.button(base, label, by=by, seconds=seconds)
            for by, seconds, label in _DIALS
            if is_alive
        ],
    )


def _notifications(state: SimulatorState, look: Look) -> Html:
    rows = [
        _notification_row(look, found, notices.attempts_of(state, found.id))
        for found in notices.recent(state, _ROWS)
    ]
    heads = ("Made", "Event", "Order", "State", "Tries", "Next", "Actions")
    return _section(look, "Notifications", heads, rows)


def _notification_row(look: Look, found: Notification, tries: list[Attempt]) -> Html:
    answers = [
        tag("div", f"{clock_time(t.at)} {t.status or look.say('no answer')} ", tag("small", t.note))
        for t in tries[-6:]
    ]
    return _row(
        clock_time(found.created_at),
        found.event_type,
        tag("code", found.number),
        _badge(look, found.state),
        answers,
        clock_time(found.next_at),
        look.button(f"/pages/notifications/{found.id}/resend", "Send again"),
    )


def _faults(state: SimulatorState, look: Look) -> Html:
    rows = [_fault_row(look, fault) for fault in state.faults()]
    listed = _section(look, "Faults", ("Kind", "Scope", "Times left", "Value", "Actions"), rows)
    return join([listed, tag("section", _fault_form(look))])


def _fault_row(look: Look, fault: Fault) -> Html:
    return _row(
        look.say(fault.kind),
        tag("code", f"{fault.scope} {fault.operation if fault.operation != '*' else ''}"),
        look.say("for ever") if fault.times is None else fault.times,
        fault.value,
        look.button(f"/pages/faults/{fault.id}/remove", "Remove"),
    )


def _fault_form(look: Look) -> Html:
    say = look.say
    kinds = [tag("option", say(kind), value=kind) for kind in FaultKind]
    return look.form(
        "/pages/faults",
        tag("label", say("Kind"), tag("select", kinds, name="kind")),
        _field(say("Order number, * for all"), "scope", "*", maxlength=64),
        _field(say("Call, * for all"), "operation", "*", maxlength=32),
        _field(say("Times, empty for ever"), "times", "1", type_="number", min_=1),
        _field(say("Value (seconds or count)"), "value", "1", type_="number", min_=0),
        _field(say("Chance in per cent"), "chance", "100", type_="number", min_=0),
        tag("button", say("Add"), class_="main"),
        style="wide",
    )


def _keys(state: SimulatorState, look: Look) -> Html:
    labels = {
        SignedBy.CERTIFICATE: "New platform certificate",
        SignedBy.PUBLIC_KEY: "New platform public key",
    }
    rows = []
    for kind, label in labels.items():
        *old, current = platform.all_of(state, kind)
        rows += [_key_row(look, key) for key in old]
        rows.append(_key_row(look, current, look.button(f"/pages/keys/{kind}/rotate", label)))
    return _section(look, "Keys", ("Key", "Kind", "Made", "Actions"), rows)


def _key_row(look: Look, key: PlatformKey, *actions: Html) -> Html:
    made_at = None if key.made_at == platform.FIRST else key.made_at
    return _row(tag("code", key.id), look.say(key.kind), clock_time(made_at), actions)


def _settings(state: SimulatorState, look: Look) -> Html:
    fields = [
        _field(look.say(name), name, str(value), type_="number", min_=SETTINGS[name][1])
        for name, value in state.settings().items()
    ]
    save = tag("button", look.say("Save"), class_="main")
    form = look.form("/pages/settings", fields, save, style="wide")
    empty = look.form(
        "/pages/reset", tag("button", look.say("Empty everything"), class_="danger"), style="wide"
    )
    return tag("section", tag("h2", look.say("Settings")), form, empty)


def _field(label: str, name: str, value: str, **attributes: str | int) -> Html:
    return tag("label", label, tag("input", name=name, value=value, **attributes))


def payment_page(look: Look, order: Order) -> Html:
    """Return what a payer sees after scanning: who, how much, one button."""
    say = look.say
    base = f"/pages/orders/{quote(order.out_trade_no, safe='')}"
    code = segno.make(orders.payment_address(order), error="m")
    till: list[Node] = [
        tag("div", say("Merchant"), " · ", say("Xiangcao Online Clinic")),
        tag("div", order.description),
        tag("div", yuan(order.total_fen), class_="money"),
        _badge(look, order.state),
    ]
    if order.state in OPEN_STATES:
        till += [
            tag("div", Html(code.svg_inline(omitsize=True))),
            tag("small", say("Scan or press the button.")),
            look.button(f"{base}/pay", "Pay", style="main", back=order.token),
            look.button(f"{base}/decline", "Decline", back=order.token),
            _scan_button(look, order),
        ]
    else:
        till.append(tag("p", say("This order is finished.")))
        if order.return_url.startswith(("http://", "https://")):
            till.append(tag("p", tag("a", say("Back to the merchant"), href=order.return_url)))
    till.append(tag("p", tag("a", say("Back to the overview"), href="/")))
    return document(look, tag("main", tag("section", till, class_="till"), data_live=True))


def _scan_button(look: Look, order: Order) -> Html | None:
    if order.gateway is not Gateway.ALIPAY or order.is_scanned:
        return None
    base = f"/pages/orders/{quote(order.out_trade_no, safe='')}"
    return look.button(f"{base}/scan", "Scan", back=order.token)


def refusal_page(look: Look, message: str) -> Html:
    """Return a page that says why nothing happened."""
    say = look.say
    link = tag("p", tag("a", say("Back to the overview"), href="/"))
    body = tag("section", tag("h2", say("Not possible")), tag("p", say(message)), link)
    return document(look, tag("main", tag("div", body, class_="till")))


def yuan(fen: int) -> str:
    """Return an amount for people."""
    sign = "-" if fen < 0 else ""
    return f"{sign}¥{abs(fen) // 100}.{abs(fen) % 100:02d}"


def clock_time(moment: datetime | None) -> str:
    """Return the time of day in the clinic's zone, a dash for never."""
    return moment.astimezone(GATEWAY_ZONE).strftime("%H:%M:%S") if moment else "-"
