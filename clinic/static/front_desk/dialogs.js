// Questions: another time or doctor, why it is cancelled, what was paid, the keys.
import { button, byId, node } from "../desk/dom.js";
import { toast } from "../desk/toast.js";
import { say, setup } from "../desk/words.js";
import * as desk from "./endpoints.js";
import { state, tell } from "./state.js";
import { clockOf, money } from "./walls.js";

export function open(title, content, doings, { isBroad = false } = {}) {
  const dialog = byId("dialog");
  const close = () => dialog.close();
  const heading = node("h2", { id: "dialog-title" }, title);
  const first = [doings].flat().filter(Boolean);
  const buttons = node("div", { class: "doing end" }, button(first.length ? say("cancelWord") : say("close"), close, {}), first);
  const submit = (event) => {
    event.preventDefault();
    first.at(-1)?.click();
  };
  dialog.className = isBroad ? "broad" : "";
  // Enter in a field presses the main button.
  dialog.replaceChildren(node("form", { method: "dialog", novalidate: true, onsubmit: submit }, heading, content, buttons, node("button", { type: "submit", hidden: true }, say("close"))));
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[autofocus]")?.focus();
  return close;
}

export const field = (words, control) => node("label", { class: "field" }, node("span", {}, words), control);
export const options = (entries, chosen = null) => entries.map(([value, words]) => node("option", { value, selected: value === chosen }, words));
export const trouble = () => node("p", { class: "trouble", role: "alert", hidden: true });

export function show(element, text) {
  element.textContent = text;
  element.hidden = !text;
}

// The same as dragging, by keys and fields.
export function askMove(visit, go) {
  const day = node("input", { type: "date", value: visit.date, id: "move-date", autofocus: true });
  const time = node("input", { type: "time", value: clockOf(visit.begins), step: 300, id: "move-time" });
  const doctor = node("select", { id: "move-doctor" }, options(state.book.doctors.map((one) => [one.id, one.name]), visit.doctor_id));
  const done = () => {
    if (!day.value || !time.value) return;
    close();
    const wish = { date: day.value, time: time.value };
    if (doctor.value && doctor.value !== visit.doctor_id) wish.doctor_id = doctor.value;
    go(wish);
  };
  const close = open(say("moveTitle", { name: visit.person }), [node("div", { class: "pair" }, field(say("date"), day), field(say("time"), time)), field(say("doctor"), doctor)], button(say("move"), done, { kind: "primary", id: "move-go" }));
}

export function askCancel(detail) {
  const reason = node("input", { type: "text", maxlength: 200, required: true, id: "cancel-reason", autofocus: true, list: "cancel-reasons" });
  const known = node("datalist", { id: "cancel-reasons" }, setup.cancelReasons.map((one) => node("option", { value: one })));
  const problem = trouble();
  const done = async () => {
    if (!reason.value.trim()) return show(problem, say("reasonNeeded"));
    try {
      tell("changed", await desk.cancel(detail.id, reason.value.trim()));
      close();
      toast(say("cancelled", { name: detail.person.name }));
    } catch (error) {
      show(problem, error.message);
    }
  };
  const about = detail.order?.status === "paid" ? say("cancelPaid", { amount: money(detail.order.amount_fen) }) : say("cancelAbout");
  const close = open(say("cancelTitle", { name: detail.person.name }), [node("p", {}, about), field(say("reason"), reason), known, problem], button(say("cancelVisit"), done, { kind: "danger", id: "cancel-go" }));
}

export function askMoney(detail, after = () => {}) {
  const kind = node("select", { id: "pay-kind" }, options(Object.entries(setup.labels.proof)));
  const reference = node("input", { type: "text", maxlength: 60, id: "pay-reference", autofocus: true });
  const problem = trouble();
  const done = async () => {
    if (!reference.value.trim()) return show(problem, say("receiptNeeded"));
    try {
      const told = await desk.pay(detail.id, { kind: kind.value, reference: reference.value.trim() });
      tell("changed", told.appointment);
      close();
      toast(told.is_paid ? say("paid") : say("waitsForSecond"));
      after(told);
    } catch (error) {
      show(problem, error.message);
    }
  };
  const close = open(say("payTitle", { amount: money(detail.price_fen) }), [node("div", { class: "pair" }, field(say("howPaid"), kind), field(say("receipt"), reference)), problem], button(say("take"), done, { kind: "primary", id: "pay-go" }));
}

export function showKeys() {
  const rows = setup.keys.map(([keys, words]) => node("tr", {}, node("td", {}, keys.split(" ").flatMap((key) => [node("kbd", {}, key), " "])), node("td", {}, words)));
  open(say("keys"), node("table", { class: "keys" }, node("tbody", {}, rows)), []);
}

