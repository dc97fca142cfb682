// Messages left while nobody was there.
import * as desk from "./endpoints.js";
import { button, chip, node } from "./dom.js";
import { choose } from "./chats.js";
import { fail } from "./toast.js";
import { state, tell } from "./store.js";
import { brief } from "./times.js";
import { label, say, setup } from "./words.js";

export async function reload() {
  const page = await desk.leftMessages();
  state.left = page.results;
  tell("left");
}

export function shown() {
  const wanted = state.filters.q.toLowerCase();
  return state.left.filter((one) => !wanted || `${one.body} ${one.customer.name}`.toLowerCase().includes(wanted));
}

export function row(item) {
  return node(
    "li",
    { class: "left-message" },
    node("div", { class: "row-top" }, node("span", { class: "name" }, item.customer.name), node("time", { class: "when", datetime: item.created_at }, brief(item.created_at))),
    node("p", {}, item.body),
    node("div", { class: "chips" }, item.team ? chip(item.team.name) : null, item.language !== setup.language ? chip(label("language", item.language), "plain") : null),
    node(
      "div",
      { class: "doing" },
      button(say("answerLeft"), () => answer(item), { kind: "small primary", symbol: "reply" }),
      button(say("dismissLeft"), () => dismiss(item), { kind: "small" }),
    ),
  );
}

async function answer(item) {
  const told = await desk.answerLeft(item.id).catch(fail);
  if (!told) return;
  gone(item);
  choose(told.id);
}

async function dismiss(item) {
  if ((await desk.dismissLeft(item.id).catch(fail)) !== undefined) gone(item);
}

function gone(item) {
  state.left = state.left.filter((one) => one.id !== item.id);
  tell("left");
}
