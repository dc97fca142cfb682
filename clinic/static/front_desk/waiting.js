// Who waits for a place, in the order of the line.
import { button, byId, chip, node } from "../desk/dom.js";
import { brief } from "../desk/times.js";
import { fail } from "../desk/toast.js";
import { label, say } from "../desk/words.js";
import * as desk from "./endpoints.js";
import { closeSide } from "./finding.js";
import { state, tell } from "./state.js";

let rows = [];

export function start() {
  byId("waiting").addEventListener("click", () => (state.side === "waiting" ? closeSide() : open()));
}

export async function refresh() {
  const found = await desk.waiting({ branch: state.branch }).catch(() => null);
  if (!found) return;
  rows = found.results;
  byId("waiting-count").textContent = rows.length;
  byId("waiting-count").hidden = rows.length === 0;
  if (state.side === "waiting" && !document.activeElement?.closest(".waiter")) redraw();
}

function open() {
  state.side = "waiting";
  state.chosen = null;
  tell("redraw");
  byId("side").hidden = false;
  draw();
  byId("side").querySelector("button")?.focus();
}

function redraw() {
  const hadFocus = byId("side").contains(document.activeElement);
  draw();
  if (hadFocus) byId("side").querySelector("button")?.focus();
}

function draw() {
  byId("side").replaceChildren(
    node("div", { class: "side-top" }, node("div", {}, node("h2", {}, say("waitingList"))), button("", closeSide, { symbol: "close", kind: "quiet", title: say("close") })),
    rows.length ? node("div", { class: "found" }, rows.map(line)) : node("p", { class: "muted" }, say("nobodyWaits")),
  );
}

function line(row) {
  const rank = row.priority ? chip(say("priority", { number: row.priority }), "red") : null;
  const change = (priority) => async () => {
    try {
      await desk.setPriority(row.id, priority);
      await refresh();
      draw();
    } catch (error) {
      fail(error);
    }
  };
  const answer = (act) => async () => {
    try {
      tell("changed", await desk.step(row.id, act));
      await refresh();
      draw();
    } catch (error) {
      fail(error);
    }
  };
  const acts = {
    queued: () => [button(say("first"), change(Math.min(9, row.priority + 1)), { kind: "small", symbol: "arrow_upward" }), row.priority ? button(say("back"), change(row.priority - 1), { kind: "small", symbol: "arrow_downward" }) : null],
    offered: () => [button(say("takeOffer"), answer("offer/accept"), { kind: "small", symbol: "check" }), button(say("leaveOffer"), answer("offer/decline"), { kind: "small", symbol: "redo" })],
  };
  const doings = state.mayWork ? (acts[row.state]?.() ?? []) : [];
  return node("div", { class: "waiter", "data-waiter": row.id }, node("span", { class: "spread" }, node("b", {}, row.position === null ? row.person : `${row.position}. ${row.person}`), node("span", { class: "chips" }, rank, chip(label("state", row.state), row.state))), node("small", {}, [row.type, row.doctor || say("anyDoctor"), say("waitsSince", { time: brief(row.queued_at) }), row.eta_minutes === null ? "" : say("likelyWait", { minutes: row.eta_minutes })].filter(Boolean).join(" · ")), node("div", { class: "doing" }, doings, button(say("open"), () => tell("choose", row.id), { kind: "small" })));
}
