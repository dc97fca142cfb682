// The middle: the thread of the chosen chat.
import * as bubble from "./bubble.js";
import * as chats from "./chats.js";
import { edit, recall } from "./changes.js";
import { button, byId, keyed, node } from "./dom.js";
import * as outbox from "./outbox.js";
import { chosenRow, isMine, on, state } from "./store.js";
import * as threads from "./threads.js";
import { day, dayKey, secondsSince } from "./times.js";
import { say, setup } from "./words.js";

const NEAR_END_PX = 80;
let shownChat = null;
let isPinned = true; // the end is in view and stays there when pictures load
const box = () => byId("thread");

export function start() {
  on("chosen opened thread typing", draw);
  box().addEventListener("scroll", () => {
    isPinned = isAtEnd();
    if (isPinned) byId("thread-new").hidden = true;
    if (box().scrollTop < 40) older();
  });
  byId("thread-new").addEventListener("click", toEnd);
  const sizes = new ResizeObserver(() => isPinned && toEnd());
  for (const element of [box(), byId("messages")]) sizes.observe(element);
  setInterval(draw, 30000); // the times for editing run out
}

const isAtEnd = () => box().scrollHeight - box().scrollTop - box().clientHeight < NEAR_END_PX;

function toEnd() {
  isPinned = true;
  box().scrollTop = box().scrollHeight;
  byId("thread-new").hidden = true;
}

async function older() {
  const row = chosenRow();
  if (!row || !threads.threadOf(row.conversation).hasOlder) return;
  const fromEnd = box().scrollHeight - box().scrollTop;
  await threads.loadOlder(row);
  await Promise.resolve();
  box().scrollTop = box().scrollHeight - fromEnd;
}

function draw() {
  const row = chosenRow();
  byId("middle").classList.toggle("empty", !row);
  if (!row) return void (shownChat = null);
  const thread = threads.threadOf(row.conversation);
  const before = byId("messages").childElementCount;
  byId("thread-older").replaceChildren(...(thread.hasOlder ? [button(say("loadOlder"), older, { kind: "quiet" })] : []));
  const items = thread.isLoaded ? entries(row, thread) : [];
  keyed(byId("messages"), items, (item) => item.key, (item) => item.draw());
  byId("thread-typing").hidden = !((state.typing.get(row.conversation) ?? 0) > Date.now());
  follow(row, thread, byId("messages").childElementCount > before);
}

function follow(row, thread, hasGrown) {
  if (!thread.isLoaded) return;
  if (shownChat !== row.id || isPinned || outbox.waitingIn(row.conversation).length) {
    toEnd();
    chats.readChosen();
  } else if (hasGrown) byId("thread-new").hidden = false;
  shownChat = row.id;
}

// Messages by number, notes among them by time, what is on its way last; days between.
function entries(row, thread) {
  const said = [...thread.messages.values()].sort((a, b) => a.seq - b.seq).map((message) => ({ at: message.sent_at, key: `m${message.seq}`, message }));
  const notes = [...thread.notes.values()].map((note) => ({ at: note.at, key: `n${note.number}`, note }));
  const merged = [...said, ...notes].sort((a, b) => a.at.localeCompare(b.at) || (a.message?.seq ?? 0) - (b.message?.seq ?? 0));
  const drawn = [];
  let lastDay = "";
  for (const entry of merged) {
    if (dayKey(entry.at) !== lastDay) {
      lastDay = dayKey(entry.at);
      drawn.push({ key: `d${lastDay}`, signature: day(entry.at), draw: () => node("div", { class: "day" }, node("span", {}, day(entry.at))) });
    }
    drawn.push(drawable(entry, row, thread));
  }
  return drawn.concat(outbox.waitingIn(row.conversation).map(pending));
}

function drawable(entry, row, thread) {
  if (entry.note) return { key: entry.key, signature: entry.note, draw: () => bubble.note(entry.note) };
  const message = entry.message;
  if (message.kind === "system") return { key: entry.key, signature: message, draw: () => bubble.systemLine(message) };
  const { marks } = thread;
  const age = secondsSince(message.sent_at);
  const options = {
    marks,
    canChange: threads.isOwn(message) && isMine(row) && !message.recalled_at,
    onEdit: edit,
    onRecall: (item) => recall(row, item),
    name: bubble.senderName(message),
  };
  const ticks = [message.seq <= marks.delivered, message.seq <= marks.read];
  const late = [age > setup.rules.editSeconds, age > setup.rules.recallSeconds];
  return { key: entry.key, signature: [message, options.canChange, options.name, ticks, late], draw: () => bubble.message(message, options) };
}

function pending(item) {
  const acts = { again: () => outbox.again(item), drop: () => outbox.drop(item) };
  return { key: `p${item.cid}`, signature: [item.cid, item.state, item.why], draw: () => bubble.onItsWay(item, acts) };
}
