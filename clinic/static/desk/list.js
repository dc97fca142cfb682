// The left column: tabs with counts, filters, the list of chats.
import { byId, button, chip, icon, keyed, node } from "./dom.js";
import { choose } from "./chats.js";
import * as left from "./left.js";
import * as rows from "./rows.js";
import { isMine, on, state, tell } from "./store.js";
import { brief } from "./times.js";
import { fail } from "./toast.js";
import { label, say, setup, wordsOf } from "./words.js";

const TABS = ["mine", "waiting", "all", "ended", "left"];

export function start() {
  byId("tabs").append(...TABS.map(tabButton));
  byId("tabs").addEventListener("keydown", turn);
  byId("filters").append(...filterFields());
  byId("search").addEventListener("input", debounced(() => filter("q", byId("search").value.trim()), 300));
  on("rows counts chosen typing left me", draw);
  draw();
}

function tabButton(name) {
  return node(
    "button",
    { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": "list", "data-tab": name, onclick: () => showTab(name) },
    say(`tab_${name}`),
    node("span", { class: "count", id: `count-${name}` }),
  );
}

// The arrow keys go from tab to tab, as people who hear the page expect.
function turn(event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  const next = TABS[(TABS.indexOf(state.tab) + by + TABS.length) % TABS.length];
  showTab(next);
  byId(`tab-${next}`).focus();
}

export async function showTab(name) {
  if (state.tab === name) return;
  state.tab = name;
  state.cursor = null;
  tell("rows");
  await (name === "left" ? left.reload() : rows.reload()).catch(fail);
}

function filterFields() {
  const everything = (words) => node("option", { value: "" }, words);
  const select = (name, words, options) =>
    node("select", { id: `filter-${name}`, "aria-label": words, onchange: (event) => filter(name, event.target.value) }, everything(words), options);
  const box = (name) =>
    node("label", { class: "tick" }, node("input", { type: "checkbox", id: `filter-${name}`, onchange: (event) => filter(name, event.target.checked) }), say(`only_${name}`));
  return [
    select("team", say("allTeams"), []),
    select("tag", say("allTags"), []),
    select("language", say("allLanguages"), setup.languages.map((one) => node("option", { value: one.code }, one.name))),
    node("div", { class: "ticks" }, box("unread"), box("due")),
  ];
}

export function fillFilters() {
  const option = (one) => node("option", { value: String(one.id) }, one.name);
  byId("filter-team").append(...(state.me.is_supervisor ? setup.teams : state.me.teams).map(option));
  byId("filter-tag").append(...state.tags.map(option));
}

function filter(name, value) {
  state.filters[name] = value;
  if (state.tab === "left") tell("left");
  else rows.reload().catch(fail);
}

function debounced(work, milliseconds) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, milliseconds);
  };
}

function draw() {
  for (const name of TABS) {
    const tab = byId(`tab-${name}`);
    tab.setAttribute("aria-selected", String(state.tab === name));
    tab.tabIndex = state.tab === name ? 0 : -1;
    byId(`count-${name}`).textContent = state.counts[name === "left" ? "left_messages" : name] ?? "";
  }
  byId("list").setAttribute("aria-labelledby", `tab-${state.tab}`);
  byId("list").setAttribute("aria-busy", String(state.isLoading));
  const isLeft = state.tab === "left";
  byId("filters").hidden = isLeft;
  const items = isLeft ? left.shown() : rows.shown();
  keyed(byId("rows"), items.map((item) => ({ ...item, signature: signature(item) })), (item) => item.id, isLeft ? left.row : row);
  byId("list-more").replaceChildren(...(state.cursor && !isLeft ? [button(say("loadMore"), rows.loadMore, { kind: "quiet" })] : []));
  byId("list-empty").hidden = items.length > 0;
  byId("list-empty").textContent = state.isLoading ? say("loading") : state.found && !isLeft ? say("nothingFound") : say(`empty_${state.tab}`);
}

function signature(item) {
  return { ...item, chosen: item.id === state.chosen, typing: isTyping(item), tab: state.tab };
}

const isTyping = (row) => (state.typing.get(row.conversation) ?? 0) > Date.now();

function row(item) {
  const isChosen = item.id === state.chosen;
  const main = node(
    "button",
    { type: "button", class: `row ${isChosen ? "chosen" : ""} ${item.unread ? "unread" : ""}`, "aria-current": isChosen ? "true" : null, onclick: () => choose(item.id), "data-chat": item.id },
    node("span", { class: "row-top" }, node("span", { class: "name" }, item.customer.name), face(item), node("span", { class: "when" }, timer(item) ?? when(item))),
    node("span", { class: "row-line" }, lastLine(item), item.unread ? node("span", { class: "badge", title: say("unread") }, item.unread > 99 ? "99+" : item.unread) : null),
    chips(item),
  );
  return node("li", {}, main);
}

function face(item) {
  if (item.face !== "assistant") return null;
  return node("span", { class: "face", title: label("face", item.face) }, icon("smart_toy"), node("span", { class: "hidden-text" }, label("face", item.face)));
}

// How long the customer waits: in the queue, or for an answer to his last word.
export function timer(item) {
  const since = { waiting: item.enqueued_at, active: item.waiting_since }[item.state];
  return since ? node("span", { class: "timer", "data-since": since, title: say("waitsSince") }) : null;
}

function when(item) {
  return node("time", { datetime: item.last_message?.at ?? item.enqueued_at }, brief(item.last_message?.at ?? item.enqueued_at));
}

function lastLine(item) {
  if (isTyping(item)) return node("span", { class: "last typing-dots" }, node("i"), node("i"), node("i"), say("isTyping"));
  if (!item.last_message) return node("span", { class: "last" }, say("noMessages"));
  const isOurs = item.last_message.role === "agent" || item.last_message.role === "assistant";
  return node("span", { class: "last" }, isOurs ? icon("reply", "small") : null, wordsOf(item.last_message));
}

function chips(item) {
  const shown = [
    item.sla?.due_at ? slaChip(item.sla) : null,
    item.warned_ends_at ? chip("", "waiting", { "data-until": item.warned_ends_at, "data-prefix": `${say("endsIn")} ` }) : null,
    item.held_until ? chip(say("onHold"), "blue") : null,
    item.priority > 0 ? chip(say("priority"), "red") : null,
    item.customer.side === "doctor" ? chip(label("side", "doctor"), "blue") : null,
    item.team ? chip(item.team.name) : null,
    !isMine(item) && item.agent ? chip(item.agent.name, "plain") : null,
    item.language !== setup.language ? chip(label("language", item.language), "plain") : null,
    ...(item.tags ?? []).slice(0, 2).map((tag) => chip(tag.name, "tag")),
  ].filter(Boolean);
  return shown.length ? node("span", { class: "chips" }, shown) : null;
}

export function slaChip(sla) {
  if (sla.broken) return chip(`${label("sla", sla.metric)} ${say("broken")}`, "red");
  return chip("", "sla", { "data-until": sla.due_at, "data-prefix": `${label("sla", sla.metric)} ` });
}

// The keys J and K.
export function step(by) {
  const buttons = [...byId("rows").querySelectorAll("[data-chat]")];
  if (!buttons.length) return;
  const focused = buttons.indexOf(document.activeElement);
  const at = focused >= 0 ? focused : buttons.findIndex((one) => one.dataset.chat === state.chosen);
  buttons[Math.min(buttons.length - 1, Math.max(0, at + by))].focus();
}

export function focus() {
  (byId("rows").querySelector(".chosen") ?? byId("rows").querySelector("button") ?? byId("search")).focus();
}
