// What pops up while writing: canned replies after "/", colleagues after "@" in a note.
import * as desk from "./endpoints.js";
import { byId, node } from "./dom.js";
import { chosenRow, state } from "./store.js";
import { say } from "./words.js";

const ASK_AFTER_MS = 120;
let field = null;
let modeOf = () => "reply";
let shown = []; // {title, note, choose}
let active = 0;
let order = 0;
let timer = 0;
const used = new Map(); // text of a canned reply -> its id
const mentioned = new Map(); // nickname -> agent id

export function start(textarea, mode) {
  field = textarea;
  modeOf = mode;
  field.addEventListener("blur", () => setTimeout(() => document.activeElement === field || close(), 150));
}

export function update() {
  const before = field.value.slice(0, field.selectionStart);
  const slash = before.match(/^\/(\S*)$/u);
  const at = before.match(/(?:^|\s)@(\S*)$/u);
  clearTimeout(timer);
  if (slash) timer = setTimeout(() => showCanned(slash[1]), ASK_AFTER_MS);
  else if (at && modeOf() === "note") showColleagues(at[1]);
  else close();
}

async function showCanned(query) {
  const asked = ++order;
  const page = await desk.canned({ q: query, chat: chosenRow()?.id ?? "" }).catch(() => null);
  if (page && asked === order) show(page.results.map(cannedChoice));
}

function cannedChoice(reply) {
  const text = reply.text;
  return {
    title: `/${reply.shortcut}`,
    note: `${reply.title} · ${text}`,
    choose: () => {
      used.set(text, reply.id);
      field.setRangeText(text, 0, field.selectionStart, "end");
    },
  };
}

function showColleagues(query) {
  order += 1;
  const wanted = query.toLowerCase();
  const fitting = state.colleagues.filter((one) => one.name.toLowerCase().includes(wanted) && !one.me);
  show(
    fitting.map((one) => ({
      title: `@${one.name}`,
      note: "",
      choose: () => {
        mentioned.set(one.name, one.id);
        field.setRangeText(`@${one.name} `, field.selectionStart - query.length - 1, field.selectionStart, "end");
      },
    })),
  );
}

export const mentionsIn = (body) => [...mentioned].filter(([name]) => body.includes(`@${name}`)).map(([, id]) => id);

export function noteUse(body) {
  for (const [text, id] of used) if (body.includes(text)) desk.cannedUsed(id).catch(() => {});
  used.clear();
}

function show(choices) {
  shown = choices.slice(0, 8);
  active = 0;
  if (!shown.length && modeOf() === "note") return close();
  draw();
}

function draw() {
  const box = byId("suggestions");
  box.hidden = false;
  const options = shown.map((choice, index) =>
    node(
      "div",
      { role: "option", id: `suggestion-${index}`, class: "suggestion", "aria-selected": String(index === active), onmousedown: (event) => (event.preventDefault(), choose(index)) },
      node("b", {}, choice.title),
      choice.note ? node("span", {}, choice.note) : null,
    ),
  );
  box.replaceChildren(...(options.length ? options : [node("div", { role: "option", class: "suggestion none", "aria-disabled": "true", "aria-selected": "false" }, say("noCanned"))]));
  if (shown.length) field.setAttribute("aria-activedescendant", `suggestion-${active}`);
  box.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
}

function choose(index) {
  shown[index].choose();
  close();
  field.dispatchEvent(new Event("input"));
  field.focus();
}

export const isOpen = () => !byId("suggestions").hidden;

export function close() {
  order += 1;
  clearTimeout(timer);
  byId("suggestions").hidden = true;
  field?.removeAttribute("aria-activedescendant");
}

// Returns true when the key belonged to the list.
export function pressed(event) {
  if (!isOpen()) return false;
  if (event.key === "Escape") close();
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
  else if ((event.key === "Enter" || event.key === "Tab") && shown.length && !event.ctrlKey && !event.metaKey) choose(active);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

function move(by) {
  if (!shown.length) return;
  active = (active + by + shown.length) % shown.length;
  draw();
}
