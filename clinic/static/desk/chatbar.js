// Above the thread: who the customer is, what can be done, who else looks at it.
import * as actions from "./actions.js";
import * as dialogs from "./dialogs.js";
import { button, byId, chip, icon, node } from "./dom.js";
import { slaChip, timer } from "./list.js";
import { chosenRow, isMine, on, state } from "./store.js";
import { label, say, setup } from "./words.js";

export function start() {
  on("chosen rows me", draw);
  on("viewers chosen", drawCollision);
  setInterval(drawCollision, 5000);
}

let drawn = "";
function draw() {
  const row = chosenRow();
  const signature = JSON.stringify([row, state.me?.status, state.me?.load]);
  if (signature === drawn) return;
  drawn = signature;
  byId("chatbar").hidden = !row;
  if (row) byId("chatbar").replaceChildren(who(row), node("div", { class: "doing" }, doings(row)));
}

function who(row) {
  const facts = [
    chip(label("state", row.state), row.state),
    row.team ? chip(row.team.name) : null,
    row.language === setup.language ? null : chip(label("language", row.language), "plain"),
    row.face === "assistant" ? node("span", { class: "chip face" }, icon("smart_toy", "small"), label("face", row.face)) : null,
    row.sla?.due_at ? slaChip(row.sla) : null,
    row.agent && !isMine(row) ? chip(say("withAgent", { name: row.agent.name }), "blue") : null,
    row.held_until ? chip("", "blue", { "data-until": row.held_until, "data-prefix": `${say("onHold")} ` }) : null,
    row.warned_ends_at ? chip("", "waiting", { "data-until": row.warned_ends_at, "data-prefix": `${say("endsIn")} ` }) : null,
    row.end_reason ? chip(label("end", row.end_reason), "plain") : null,
  ];
  return node("div", { class: "who" }, node("h2", {}, row.customer.name, node("small", {}, row.customer.phone), timer(row)), node("div", { class: "chips" }, facts.filter(Boolean)));
}

function doings(row) {
  if (row.state === "waiting") return [button(say("take"), () => actions.take(row.id), { kind: "primary", symbol: "front_hand", id: "do-take", disabled: state.me?.status === "offline" })];
  if (row.state !== "active") return [];
  const move = [
    button(say("transfer"), dialogs.askTransfer, { symbol: "swap_horiz", key: "T", id: "do-transfer" }),
    button(say("endChat"), dialogs.askEnd, { symbol: "task_alt", key: "E", id: "do-end" }),
  ];
  if (isMine(row)) return [button(row.held_until ? say("unhold") : say("hold"), dialogs.askHold, { symbol: row.held_until ? "play_arrow" : "pause", id: "do-hold" }), ...move];
  return [button(say("takeOver"), dialogs.askTakeOver, { kind: "primary", symbol: "pan_tool_alt", id: "do-take-over" }), ...(state.me?.is_supervisor ? move : [])];
}

function drawCollision() {
  const bar = byId("collision");
  const others = [...(state.viewers.get(state.chosen)?.values() ?? [])].filter((one) => one.until > Date.now());
  bar.hidden = !others.length;
  const isReplying = others.some((one) => one.state === "replying");
  bar.className = `collision ${isReplying ? "replying" : ""}`;
  const text = others.map((one) => say(one.state === "replying" ? "isReplying" : "isViewing", { name: one.name })).join(" · ");
  if (bar.textContent !== text) bar.textContent = text;
}
