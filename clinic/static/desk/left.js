// Messages left while nobody was there.
import * as desk from "./endpoints.js";
import { button, chip, node } from "./dom.js";
import { choose } from "./chats.js";
import { fail } from "./toast.js";
import { refreshCounts } from "./rows.js";
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
  const words = node("textarea", { rows: "3", maxlength: String(setup.rules.maxChars), "aria-label": say("answerLeft") });
  const form = node("form", { class: "answer", hidden: true, onsubmit: (event) => (event.preventDefault(), answer(item, words)) }, words, node("button", { class: "button small primary" }, say("send")));
  const open = () => {
    form.hidden = !form.hidden;
    words.focus();
  };
  const question = node("div", { class: "doing", hidden: true }, node("span", {}, say("dismissAsk")), button(say("dismissYes"), () => dismiss(item), { kind: "small danger" }), button(say("cancel"), () => (question.hidden = true), { kind: "small" }));
  const ask = () => {
    question.hidden = false;
    question.querySelector("button").focus();
  };
  return node(
    "li",
    { class: "left-message" },
    node("div", { class: "row-top" }, node("span", { class: "name" }, item.customer.name), node("time", { class: "when", datetime: item.at }, brief(item.at))),
    node("p", {}, item.body),
    node("div", { class: "chips" }, chip(item.team.name), item.language === setup.language ? null : chip(label("language", item.language), "plain")),
    node("div", { class: "doing" }, button(say("answerLeft"), open, { kind: "small", symbol: "reply" }), button(say("dismissLeft"), ask, { kind: "small" })),
    question,
    form,
  );
}

// The answer begins a chat, in which the customer finds it.
async function answer(item, words) {
  const body = words.value.trim();
  const told = body && (await desk.answerLeft(item.id, body).catch(fail));
  if (!told) return;
  gone(item);
  if (told.chat) choose(told.chat);
}

async function dismiss(item) {
  if (await desk.dismissLeft(item.id).catch(fail)) gone(item);
}

function gone(item) {
  state.left = state.left.filter((one) => one.id !== item.id);
  tell("left");
  refreshCounts().catch(fail);
}
