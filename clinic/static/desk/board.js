// The board of supervisors: agents, queues and open chats as they stand; moving chats, setting status.
import * as desk from "./endpoints.js";
import { byId, chip, keyed, node } from "./dom.js";
import * as socket from "./socket.js";
import { brief, clock, now, setServerTime, span, tick } from "./times.js";
import { fail, toast } from "./toast.js";
import { label, say, setup, wordsOf } from "./words.js";

const EVERY_MS = 5000;
const AFTER_PUSH_MS = 500;
const FIGURES = [
  "waiting", "longest_s", "active", "online", "busy", "wait_p50_s", "wait_p90_s", "reply_p50_s",
  "first_reply_kept_percent", "resolution_kept_percent", "ended_today", "abandoned_today", "abandoned_percent", "stars_today",
];
const STATUSES = ["online", "busy", "offline"];
let agents = [];
let timer = 0;

async function refresh() {
  clearTimeout(timer);
  timer = setTimeout(refresh, EVERY_MS);
  try {
    const [board, open] = await Promise.all([desk.board(), desk.chats({ tab: "all", limit: 100 })]);
    draw(board, open.results.filter((row) => row.state === "active"));
    byId("updated").className = "muted";
    byId("updated").textContent = say("updated", { time: clock(now()) });
  } catch {
    byId("updated").className = "stale";
    byId("updated").textContent = say("stale");
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, AFTER_PUSH_MS);
}

function draw(board, open) {
  agents = board.agents;
  keyed(byId("figures"), FIGURES.map((name) => ({ name, value: board.figures[name] ?? null })), (one) => one.name, figure);
  keyed(byId("teams"), board.teams, (one) => one.id, team);
  fill("alarms", late(board, open), alarmRow, 5, say("nothingLate"));
  fill("agents", board.agents, agentRow, 5, say("noAgents"));
  fill("waiting", board.queue, waitingRow, 5, say("nobodyWaits"));
  fill("chats", open, chatRow, 6, say("noChats"));
  tick();
}

function fill(id, rows, make, columns, emptyText) {
  // An open choice is not torn from under the hand.
  if (byId(id).contains(document.activeElement) && document.activeElement.matches("select")) return;
  const places = agents.map((one) => [one.id, one.name, one.status, one.load]);
  const items = rows.length ? rows.map((row) => ({ ...row, signature: [row, places] })) : [{ id: "none" }];
  keyed(byId(id), items, (row) => row.id, rows.length ? make : () => node("tr", {}, node("td", { class: "none", colspan: columns }, emptyText)));
}

// An alarm tells ids; who waits and what it is called stands in the other lists.
function late(board, open) {
  const rows = new Map([...board.queue, ...open].map((row) => [row.id, row]));
  return board.alarms.map((alarm) => ({ ...alarm, id: `${alarm.chat} ${alarm.kind}`, row: rows.get(alarm.chat) ?? null }));
}

function shown(name, value) {
  if (value === null) return "–";
  if (name.endsWith("_s")) return span(value);
  return name.endsWith("_percent") ? `${value}%` : String(value);
}

function figure({ name, value }) {
  return node("div", { "data-figure": name }, node("dd", {}, shown(name, value)), node("dt", {}, say(`figure_${name}`)));
}

function team(one) {
  return node("li", {}, one.name, node("b", {}, one.waiting), one.longest_s === null ? null : chip(span(one.longest_s), one.longest_s >= setup.rules.redSeconds ? "red" : "amber"), node("small", {}, say("onlineOf", { number: one.online })));
}

function agentRow(one) {
  const share = node("i", {});
  share.style.width = `${Math.min(100, (100 * one.load) / Math.max(1, one.max))}%`;
  const amount = node("span", { class: "amount" }, node("span", { class: `bar ${one.load >= one.max ? "full" : ""}` }, share), `${one.load}/${one.max}`);
  return node(
    "tr",
    { "data-agent": one.id },
    node("td", {}, node("b", {}, one.name), one.is_supervisor ? node("div", {}, node("small", {}, say("supervisor"))) : null),
    node("td", {}, node("i", { class: `dot ${one.status}` }), label("status", one.status), " ", node("small", {}, brief(one.status_since))),
    node("td", {}, amount),
    node("td", {}, timerOf(one.unanswered_since)),
    node("td", {}, statusChoice(one)),
  );
}

function statusChoice(one) {
  // Only the agent himself says that he is online.
  const offered = STATUSES.filter((name) => name !== "online" || one.status === "online");
  const options = offered.map((name) => node("option", { value: name, selected: name === one.status }, label("status", name)));
  return node("select", { "aria-label": say("setStatusOf", { name: one.name }), onchange: (event) => setStatus(one, event.target) }, options);
}

async function setStatus(one, choice) {
  choice.blur();
  try {
    await desk.setAgentStatus(one.id, choice.value);
    toast(say("statusSet", { name: one.name, status: label("status", choice.value) }));
  } catch (error) {
    fail(error);
  }
  refresh();
}

const timerOf = (since) => (since ? node("span", { class: "timer", "data-since": since }) : "–");
const customer = (row) => [node("b", {}, row.customer.name), " ", node("small", {}, row.customer.phone)];

function alarmRow({ chat, kind, since, agent, team, row }) {
  return node(
    "tr",
    { "data-alarm": kind, "data-of": chat },
    node("td", {}, timerOf(since)),
    node("td", {}, chip(label("alarm", kind), "red")),
    node("td", {}, row ? customer(row) : "–"),
    node("td", {}, agents.find((one) => one.id === agent)?.name ?? "–"),
    node("td", {}, row?.team.name ?? setup.teams.find((one) => one.id === team)?.name ?? "–"),
  );
}

function waitingRow(row) {
  return node(
    "tr",
    { "data-chat": row.id },
    node("td", {}, timerOf(row.enqueued_at)),
    node("td", {}, customer(row), row.priority ? chip(say("priority"), "red") : null),
    node("td", {}, row.team.name),
    node("td", { class: "words" }, wordsOf(row.last_message)),
    node("td", {}, moveChoice(row)),
  );
}

function chatRow(row) {
  return node(
    "tr",
    { "data-chat": row.id },
    node("td", {}, timerOf(row.waiting_since)),
    node("td", {}, customer(row)),
    node("td", {}, row.agent?.name ?? "–"),
    node("td", {}, row.team.name),
    node("td", { class: "words" }, wordsOf(row.last_message)),
    node("td", {}, moveChoice(row)),
  );
}

function moveChoice(row) {
  const group = (title, entries) => (entries.length ? node("optgroup", { label: title }, entries.map(([value, words]) => node("option", { value }, words))) : null);
  const free = agents.filter((one) => one.id !== row.agent?.id && one.status !== "offline");
  return node(
    "select",
    { "aria-label": say("moveChat", { name: row.customer.name }), onchange: (event) => move(row, event.target) },
    node("option", { value: "" }, say("moveTo")),
    group(say("colleagues"), free.map((one) => [`agent ${one.id}`, `${one.name} (${one.load}/${one.max})`])),
    group(say("teams"), setup.teams.filter((one) => one.id !== row.team.id).map((one) => [`team ${one.id}`, one.name])),
    row.state === "active" ? group(say("queue"), [["queue", say("backToQueue")]]) : null,
  );
}

async function move(row, choice) {
  const [to, target] = choice.value.split(" ");
  choice.blur();
  const wish = { to, reason: say("supervisorMoved") };
  if (target) wish.target = target;
  try {
    await desk.transfer(row.id, wish);
    toast(say("moved"));
  } catch (error) {
    fail(error);
  }
  refresh();
}

socket.hear("welcome", (frame) => {
  setServerTime(frame.now);
  refresh();
});
for (const type of ["desk_agent", "desk_chat", "desk_queue", "desk_alarm"]) socket.hear(type, soon);
setInterval(tick, 1000);
refresh();
socket.connect();
