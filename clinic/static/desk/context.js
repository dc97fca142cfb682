// The right column: who asks, and what the house knows of him (masked).
import * as actions from "./actions.js";
import { choose } from "./chats.js";
import { byId, chip, icon, node } from "./dom.js";
import { chosenRow, isMine, on, state } from "./store.js";
import { brief, day } from "./times.js";
import { label, say } from "./words.js";

let drawn = "";

export function start() {
  on("chosen context rows me", draw);
}

function draw() {
  const row = chosenRow();
  const signature = JSON.stringify([row?.id, row?.tags, isMine(row), state.context, state.tags]);
  if (signature === drawn) return;
  drawn = signature;
  byId("context").hidden = !row;
  if (!row) return;
  byId("context").replaceChildren(...[card(row, state.context?.card), tags(row), ...sections(state.context)].filter(Boolean));
}

function sections(known) {
  if (!known) return [node("p", { class: "muted" }, say("loading"))];
  return [
    section("consultations", known.consultations, consultation),
    section("appointments", known.appointments, visit),
    section("orders", known.orders, order),
    section("pastChats", known.past_chats, pastChat),
    section("leftMessages", known.left_messages, leftMessage),
    section("ratings", known.ratings, rating),
    section("reviews", known.reviews, rating),
  ];
}

function card(row, facts) {
  const line = (name, value) => (value ? [node("dt", {}, say(`card_${name}`)), node("dd", {}, String(value))] : []);
  const person = facts?.person;
  const about = person ? [label("gender", person.gender), person.age === null ? "" : say("years", { number: person.age })] : [];
  return node(
    "section",
    { class: "card" },
    node("div", { class: "card-head" }, icon(row.customer.side === "doctor" ? "stethoscope" : "person"), node("div", {}, node("b", {}, row.customer.name), node("small", {}, label("side", row.customer.side)))),
    node(
      "dl",
      {},
      line("phone", row.customer.phone),
      line("person", about.filter(Boolean).join(" · ")),
      line("language", label("language", row.language)),
      line("since", facts?.since && day(facts.since)),
      line("persons", facts?.persons),
      line("chats", facts?.chats),
    ),
  );
}

function tags(row) {
  const has = new Set(row.tags.map((tag) => tag.id));
  const may = state.full?.can?.transfer ?? isMine(row);
  const toggle = (tag) => actions.saveTags(row, has.has(tag.id) ? [...has].filter((id) => id !== tag.id) : [...has, tag.id]);
  const shown = may ? state.tags : row.tags;
  if (!shown.length) return null;
  const made = shown.map((tag) => node("button", { type: "button", class: "tag-button", "aria-pressed": String(has.has(tag.id)), disabled: !may, onclick: () => toggle(tag) }, tag.name));
  return node("section", {}, node("h3", {}, say("tags")), node("div", { class: "chips" }, made));
}

function section(name, items, make) {
  const body = items.length ? node("ul", { class: "facts" }, items.map((item) => node("li", {}, make(item)))) : node("p", { class: "muted" }, say("none"));
  return node("details", { open: items.length > 0 }, node("summary", {}, say(name), node("span", { class: "count" }, items.length)), body);
}

const when = (moment) => (moment ? node("time", { datetime: moment }, brief(moment)) : null);
const nameOf = (thing) => (typeof thing === "object" ? thing?.name : thing) ?? "";
const line = (title, at, ...chips) => [node("div", { class: "fact-top" }, node("b", {}, title), when(at)), node("div", { class: "chips" }, chips.filter(Boolean))];

function consultation(item) {
  const doctor = [nameOf(item.department), nameOf(item.doctor)].filter(Boolean).join(" · ");
  return line(label("consultationKind", item.kind), item.at, chip(label("consultation", item.state)), doctor ? chip(doctor, "plain") : null);
}

function visit(item) {
  const place = [item.branch, item.doctor].filter(Boolean).join(" · ");
  return line(item.kind, item.starts_at ?? item.at, chip(label("appointment", item.state)), place ? chip(place, "plain") : null);
}

function order(item) {
  return line(item.title, item.at, chip(label("order", item.status)), chip(`¥${(item.amount_fen / 100).toFixed(2)}`, "plain"));
}

function pastChat(item) {
  const open = node("button", { type: "button", class: "link", onclick: () => choose(item.id) }, say("openChat"));
  const agent = nameOf(item.agent);
  return [...line(nameOf(item.team), item.ended_at ?? item.at, agent ? chip(agent, "plain") : null, chip(item.end_reason ? label("end", item.end_reason) : label("state", item.state)), item.stars ? stars(item.stars) : null), open];
}

function leftMessage(item) {
  return [...line(label("leftState", item.state), item.at), node("p", {}, item.body)];
}

function rating(item) {
  return [node("div", { class: "fact-top" }, stars(item.stars), when(item.at)), item.text ? node("p", {}, item.text) : null].filter(Boolean);
}

function stars(number) {
  return node("span", { class: "stars", role: "img", "aria-label": say("stars", { number }) }, "★".repeat(number) + "☆".repeat(Math.max(0, 5 - number)));
}
