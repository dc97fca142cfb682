// One entry of a thread: a message, a note, a system line, a message on its way.
import { button, icon, link, linked, node } from "./dom.js";
import { state } from "./store.js";
import * as threads from "./threads.js";
import { clock, secondsSince } from "./times.js";
import { label, say, setup } from "./words.js";

export function systemLine(message) {
  return node("div", { class: "system" }, node("span", {}, message.body || label("system", message.code)), node("time", { datetime: message.sent_at }, clock(message.sent_at)));
}

export function note(item) {
  return node(
    "article",
    { class: "bubble note", "aria-label": say("internalNote") },
    node("header", {}, icon("lock", "small"), node("b", {}, item.author.name), say("internalNote")),
    node("div", { class: "text" }, linked(item.body)),
    node("footer", {}, node("time", { datetime: item.at }, clock(item.at))),
  );
}

export function message(item, { marks, canChange, onEdit, onRecall, name }) {
  const isOurs = !threads.isCustomer(item);
  const side = isOurs ? "ours" : "theirs";
  const recalled = Boolean(item.recalled_at);
  return node(
    "article",
    { class: `bubble ${side}${recalled ? " recalled" : ""}`, "data-seq": item.seq },
    isOurs && name ? node("header", {}, node("b", {}, name)) : null,
    recalled ? node("div", { class: "text" }, icon("undo", "small"), say("recalled")) : content(item),
    node("footer", {}, item.edited_at && !recalled ? node("span", {}, say("edited")) : null, node("time", { datetime: item.sent_at }, clock(item.sent_at)), isOurs && !recalled ? tick(item.seq, marks) : null),
    canChange ? changes(item, onEdit, onRecall) : null,
  );
}

function changes(item, onEdit, onRecall) {
  const age = secondsSince(item.sent_at);
  const made = [];
  if (item.kind === "text" && age < setup.rules.editSeconds) made.push(button("", () => onEdit(item), { symbol: "edit", kind: "quiet tiny", title: say("edit") }));
  if (age < setup.rules.recallSeconds) made.push(button("", () => onRecall(item), { symbol: "undo", kind: "quiet tiny", title: say("recall") }));
  return made.length ? node("div", { class: "changes" }, made) : null;
}

function tick(seq, { delivered, read }) {
  const step = seq <= read ? "read" : seq <= delivered ? "delivered" : "sent";
  return node("span", { class: `tick-mark ${step}`, title: say(step), role: "img", "aria-label": say(step) }, icon(step === "sent" ? "check" : "done_all", "small"));
}

function content(item) {
  if (item.kind === "image") return image(item);
  if (item.kind === "voice") return voice(item);
  if (item.kind === "file") return file(item);
  if (item.kind === "card") return card(item);
  return node("div", { class: "text" }, linked(item.body));
}

// Only pictures of the house are shown; a foreign address would tell its owner who reads.
function image(item) {
  const address = fileAddress(item);
  if (!address) return node("div", { class: "text" }, icon("image", "small"), link(item.body, item.body || label("kind", "image")));
  const gone = (event) => event.target.replaceWith(node("span", { class: "text" }, icon("hide_image", "small"), label("kind", "image")));
  const { width, height } = item.extra;
  const picture = node("img", { src: address, alt: fileName(item) || label("kind", "image"), width, height, onerror: gone });
  return node("a", { class: "picture", href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, picture);
}

function voice(item) {
  const address = fileAddress(item);
  if (!address) return node("div", { class: "text" }, icon("mic", "small"), link(item.body, label("kind", "voice")));
  const seconds = Math.round((item.extra.duration_ms ?? 0) / 1000);
  return node("div", { class: "voice" }, node("audio", { controls: true, preload: "none", src: address, "aria-label": label("kind", "voice") }), seconds ? node("span", {}, `${seconds}"`) : null);
}

function file(item) {
  return node("div", { class: "file" }, icon("description"), link(fileAddress(item) || item.body, fileName(item) || label("kind", "file")));
}

function card(item) {
  const { title, subtitle, state, amount_fen } = item.extra ?? {};
  const about = [subtitle, state, amount_fen === undefined ? "" : `¥${(amount_fen / 100).toFixed(2)}`].filter(Boolean).join(" · ");
  return node("div", { class: "card-message" }, icon("badge"), node("span", {}, node("b", {}, title ?? label("kind", "card")), node("small", {}, about)));
}

const fileName = (item) => item.extra?.name ?? "";
const isId = /^[0-9a-f-]{32,36}$/;
// By the chat, not by the file: a supervisor who looks on is no member of the conversation.
const fileAddress = (item) => (isId.test(item.extra?.file ?? "") ? `${setup.api}desk/chats/${state.chosen}/attachments/${item.extra.file}` : "");

export function onItsWay(item, { again, drop }) {
  const failed = item.state === "failed";
  return node(
    "article",
    { class: `bubble ours pending${failed ? " failed" : ""}` },
    node("div", { class: "text" }, item.kind === "text" ? linked(item.body) : [icon("image", "small"), item.extra?.name ?? label("kind", item.kind)]),
    node("footer", {}, icon(failed ? "error" : "schedule", "small"), failed ? item.why : say("sending")),
    failed ? node("div", { class: "doing" }, button(say("sendAgain"), again, { kind: "small" }), button(say("discard"), drop, { kind: "small" })) : null,
  );
}

export function senderName(item) {
  return threads.isOwn(item) ? (state.me?.agent.name ?? "") : (item.sender_name ?? "");
}
