// One appointment on the right: what it is, what may be done, what was done.
import { button, byId, chip, node } from "../desk/dom.js";
import { brief } from "../desk/times.js";
import { fail, toast } from "../desk/toast.js";
import { label, say } from "../desk/words.js";
import { askCancel, askMoney, askMove } from "./dialogs.js";
import * as desk from "./endpoints.js";
import { move } from "./moving.js";
import { on, state, tell } from "./state.js";
import { aboutPerson, clockOf, money, shortDay, wallOf } from "./walls.js";

let shown = null;

export function start() {
  on("choose", choose);
  on("moved", (detail) => state.chosen === detail.id && draw(detail));
  on("changed", (detail) => {
    if (state.chosen === detail.id) draw(detail);
    tell("refresh");
  });
}

export async function choose(id) {
  state.chosen = id;
  state.side = "detail";
  tell("redraw");
  try {
    const detail = await desk.detail(id);
    if (state.chosen === id) draw(detail);
  } catch (error) {
    fail(error);
    close();
  }
}

// What others did shows here as well.
export async function refresh() {
  if (state.side !== "detail" || !state.chosen || byId("dialog").open) return;
  const detail = await desk.detail(state.chosen).catch(() => null);
  if (detail && detail.id === state.chosen && JSON.stringify(detail) !== JSON.stringify(shown)) draw(detail);
}

export function close() {
  const id = state.chosen;
  state.chosen = shown = null;
  state.side = "";
  byId("side").hidden = true;
  tell("redraw");
  document.querySelector(`[data-visit="${id}"]`)?.focus();
}

function draw(detail) {
  shown = detail;
  state.side = "detail";
  const side = byId("side");
  const held = side.contains(document.activeElement) ? document.activeElement.id : "";
  side.hidden = false;
  side.replaceChildren(top(detail), ...doings(detail), facts(detail), log(detail));
  if (held) (byId(held) ?? side).focus();
}

function top(detail) {
  return node("div", { class: "side-top" }, node("div", {}, node("h2", {}, detail.person.name), node("div", { class: "chips" }, chip(label("state", detail.state), detail.state), detail.checked_in_at ? chip(say("checkedIn"), "confirmed") : null, chip(label("source", detail.source), "plain"))), button("", close, { symbol: "close", kind: "quiet", title: say("close"), key: "Esc", id: "side-close" }));
}

const STEPS = {
  accept: ["accept", "check", "primary"],
  "check-in": ["checkIn", "how_to_reg", "primary"],
  start: ["start", "play_arrow", ""],
  finish: ["finish", "done_all", "primary"],
  "no-show": ["noShow", "person_off", ""],
  "offer/accept": ["takeOffer", "check", "primary"],
  "offer/decline": ["leaveOffer", "redo", ""],
};

function doings(detail) {
  const made = detail.acts.map((act) => doing(act, detail)).filter(Boolean);
  return made.length ? [node("div", { class: "doing" }, made)] : [];
}

function doing(act, detail) {
  if (act === "move") return button(say("moveWord"), () => askMoveOf(detail), { symbol: "event_repeat", key: "M", id: "act-move" });
  if (act === "pay") return button(say("takeMoney"), () => askMoney(detail), { symbol: "payments", kind: "primary", id: "act-pay" });
  if (act === "cancel") return button(say("cancelVisit"), () => askCancel(detail), { symbol: "event_busy", id: "act-cancel" });
  const [words, symbol, kind] = STEPS[act] ?? [];
  return words ? button(say(words), () => take(act, detail), { symbol, kind, id: `act-${act.replace("/", "-")}` }) : null;
}

async function take(act, detail) {
  try {
    const changed = await desk.step(detail.id, act);
    toast(say("done", { name: detail.person.name, state: label("state", changed.state) }));
    tell("changed", changed);
  } catch (error) {
    fail(error);
    tell("refresh");
  }
}

export function askMoveOf(detail = shown) {
  if (!detail?.acts.includes("move")) return;
  const visit = { id: detail.id, person: detail.person.name, date: detail.date, begins: detail.begins, ends: detail.ends, doctor_id: detail.doctor?.id };
  askMove(visit, (wish) => move(visit, wish));
}

function facts(detail) {
  const when = detail.date ? `${shortDay(detail.date)} ${clockOf(detail.begins)}–${clockOf(detail.ends)}` : "–";
  const rows = [
    [say("code"), node("span", { class: "code" }, detail.code)],
    [say("when"), when],
    [say("doctor"), detail.doctor?.name],
    [say("type"), detail.type.name],
    [say("place"), detail.branch?.name ?? label("mode", detail.mode)],
    [say("patient"), aboutPerson(detail.person)],
    [say("phone"), detail.phone],
    [say("price"), detail.price_fen ? `${money(detail.price_fen)} · ${label("order", detail.order?.status)}` : say("free")],
    [say("wishes"), detail.requirements],
    [say("reason"), detail.cancel_reason],
    [say("endsBy"), detail.expires_at ? brief(detail.expires_at) : ""],
  ];
  return node("dl", { class: "facts" }, rows.filter(([, value]) => value).flatMap(([name, value]) => [node("dt", {}, name), node("dd", {}, value)]));
}

function log(detail) {
  const lines = [...detail.steps].reverse().map((step) => {
    const { day, minute } = wallOf(step.at);
    const by = [label("actor", step.actor), step.part, `${shortDay(day)} ${clockOf(minute)}`].filter(Boolean).join(" · ");
    return node("li", {}, node("b", {}, label("act", step.act)), step.change ? node("div", {}, step.change) : null, node("div", { class: "muted" }, by));
  });
  return node("section", {}, node("h3", {}, say("log")), node("ul", { class: "log" }, lines));
}
