// Ctrl+K: every deed and every chat by a few letters.
import * as actions from "./actions.js";
import { choose } from "./chats.js";
import * as composer from "./composer.js";
import * as dialogs from "./dialogs.js";
import * as desk from "./endpoints.js";
import { byId, icon, node } from "./dom.js";
import * as list from "./list.js";
import { state } from "./store.js";
import { brief } from "./times.js";
import { label, say, wordsOf } from "./words.js";

const ASK_AFTER_MS = 200;
let shown = [];
let active = 0;
let timer = 0;
let order = 0;

export function start() {
  const input = byId("command-input");
  byId("command-open").addEventListener("click", open);
  input.addEventListener("input", () => {
    draw(local(input.value));
    clearTimeout(timer);
    timer = setTimeout(() => find(input.value.trim()), ASK_AFTER_MS);
  });
  input.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) move(by);
    else if (event.key === "Enter") run(active);
    else return;
    event.preventDefault();
  });
}

export function open() {
  if (byId("command").open) return;
  byId("command").showModal();
  byId("command-input").value = "";
  draw(local(""));
  byId("command-input").focus();
}

function deeds() {
  const status = (name) => ({ title: say("becomeStatus", { status: label("status", name) }), symbol: "circle", run: () => actions.setStatus(name) });
  const tab = (name) => ({ title: say("goTo", { tab: say(`tab_${name}`) }), symbol: "list", run: () => list.showTab(name) });
  return [
    { title: say("takeNext"), symbol: "front_hand", run: actions.takeNext },
    { title: say("transfer"), symbol: "swap_horiz", run: dialogs.askTransfer },
    { title: say("endChat"), symbol: "task_alt", run: dialogs.askEnd },
    { title: say("hold"), symbol: "pause", run: dialogs.askHold },
    { title: say("takeOver"), symbol: "pan_tool_alt", run: dialogs.askTakeOver },
    { title: say("noteDeed"), symbol: "lock", run: () => composer.setMode("note") },
    ...["online", "busy", "offline"].map(status),
    ...["mine", "waiting", "all", "ended", "left"].map(tab),
    { title: say("keys"), symbol: "keyboard", run: dialogs.showKeys },
  ];
}

const chatChoice = (row) => ({ title: row.customer.name, note: wordsOf(row.last_message), symbol: "chat", run: () => choose(row.id) });
const wordChoice = (hit) => ({ title: brief(hit.at), note: hit.body, symbol: "format_quote", run: () => choose(hit.chat) });

function local(text) {
  const wanted = text.trim().toLowerCase();
  const fits = (choice) => choice.title.toLowerCase().includes(wanted);
  return [...deeds().filter(fits), ...(wanted ? [...state.rows.values()].map(chatChoice).filter(fits) : [])];
}

async function find(text) {
  const asked = ++order;
  if (text.length < 2) return;
  const found = await desk.search(text).catch(() => null);
  if (!found || asked !== order) return;
  const others = found.chats.filter((row) => !state.rows.has(row.id));
  draw([...local(text), ...others.map(chatChoice), ...found.messages.map(wordChoice)]);
}

function draw(choices) {
  shown = choices.slice(0, 24);
  active = Math.min(active, Math.max(0, shown.length - 1));
  const options = shown.map((choice, index) =>
    node(
      "div",
      { role: "option", id: `choice-${index}`, class: "choice", "aria-selected": String(index === active), onclick: () => run(index) },
      icon(choice.symbol, "small"),
      node("b", {}, choice.title),
      choice.note ? node("span", {}, choice.note) : null,
    ),
  );
  byId("command-list").replaceChildren(...options);
  byId("command-none").hidden = shown.length > 0;
  byId("command-input").setAttribute("aria-activedescendant", shown.length ? `choice-${active}` : "");
}

function move(by) {
  if (!shown.length) return;
  active = (active + by + shown.length) % shown.length;
  draw(shown);
  byId(`choice-${active}`)?.scrollIntoView({ block: "nearest" });
}

function run(index) {
  const choice = shown[index];
  byId("command").close();
  active = 0;
  choice?.run();
}
