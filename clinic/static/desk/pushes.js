// What the server tells over the socket, and what the page reads anew after it was away.
import * as actions from "./actions.js";
import * as alerts from "./alerts.js";
import * as chats from "./chats.js";
import { byId } from "./dom.js";
import * as desk from "./endpoints.js";
import * as left from "./left.js";
import * as outbox from "./outbox.js";
import * as rows from "./rows.js";
import * as socket from "./socket.js";
import { isMine, rowOfConversation, state, tell } from "./store.js";
import * as threads from "./threads.js";
import { setServerTime } from "./times.js";
import { toast } from "./toast.js";
import { label, say, setup } from "./words.js";

const TYPING_MS = 6000;
const COUNT_AFTER_MS = 400;
const REREAD_AFTER_MS = 3000;
const LOOK_EVERY_MS = 30000;

export function start() {
  socket.hear("welcome", welcomed);
  socket.hear("msg", message);
  socket.hear("upd", (frame) => threads.apply(frame.conv, frame));
  socket.hear("sync", threads.applySync);
  socket.hear("receipt", threads.applyReceipt);
  socket.hear("typing", typing);
  socket.hear("desk_chat", chat);
  socket.hear("desk_queue", countSoon);
  socket.hear("desk_agent", agent);
  socket.hear("desk_note", note);
  socket.hear("desk_viewing", viewing);
  socket.hear("desk_alarm", alarm);
  outbox.whenStored(stored);
  socket.connect();
  setInterval(look, LOOK_EVERY_MS);
}

// The net below the pushes, and all that an agent has who is offline.
function look() {
  if (document.visibilityState !== "visible" || !socket.isOpen()) return;
  rows.refreshCounts().catch(() => {});
  if (state.tab !== "left" && !state.found && !state.isPaged) rows.refresh().catch(() => {});
}

async function welcomed(frame) {
  setServerTime(frame.now);
  const isBack = Boolean(state.wasOpen);
  state.wasOpen = true;
  socket.say({ t: "hello", device: "desk", language: setup.language, resume: threads.standings() });
  if (isBack) await catchUp();
  outbox.resend();
}

// A push is a hint: after an absence lists and the open chat are read from the database.
async function catchUp() {
  state.catchingUp = true;
  tell("catching");
  try {
    await Promise.all([actions.refreshMe(), rows.refreshCounts(), state.tab === "left" ? left.reload() : rows.reload(), rows.reloadMine(), chats.refreshChosen()]);
  } catch {
    // The next connection tries again; what is shown is marked as old by the banner.
  } finally {
    state.catchingUp = false;
    tell("catching");
  }
}

function message(frame) {
  threads.apply(frame.conv, frame);
  const row = rowOfConversation(frame.conv);
  if (threads.isCustomer(frame)) state.typing.delete(frame.conv);
  if (!isMine(row)) return;
  if (!threads.isOwn(frame)) socket.say({ t: "ack", conv: frame.conv, seq: frame.seq });
  if (frame.kind === "system") return;
  noteLast(row, frame);
  if (!threads.isCustomer(frame)) return replied(row);
  const isRead = state.chosen === row.id && document.hasFocus();
  if (!isRead) alerts.beep("message");
  if (!isRead) alerts.notice("message", row.id);
  else alerts.announce(frame.kind === "text" ? frame.body : label("kind", frame.kind));
  chats.readChosen();
}

// The first reply keeps a promise; how the row stands then is the server's to say.
function replied(row) {
  if (row.sla?.metric !== "first_reply") return;
  rows.putRow({ id: row.id, sla: null });
  setTimeout(() => desk.chatOf(row.id).then(rows.putRow, () => {}), REREAD_AFTER_MS);
}

// One's own words come back as an answer, not as a push.
function stored(frame) {
  const row = rowOfConversation(frame.conv);
  if (!isMine(row)) return;
  noteLast(row, frame);
  replied(row);
}

function noteLast(row, frame) {
  const known = state.rows.get(row.id);
  if (!known || (known.last_message && known.last_message.at >= frame.sent_at)) return;
  const byCustomer = threads.isCustomer(frame);
  known.last_message = { body: frame.body, kind: frame.kind, role: frame.role, at: frame.sent_at };
  known.waiting_since = byCustomer ? (known.waiting_since ?? frame.sent_at) : null;
  if (byCustomer) known.warned_ends_at = null;
  if (byCustomer && !(state.chosen === row.id && document.hasFocus())) known.unread += 1;
  tell("rows");
}

function typing(frame) {
  const row = rowOfConversation(frame.conv);
  if (!row || (row.customer.id && frame.user !== row.customer.id)) return;
  state.typing.set(frame.conv, frame.on ? Date.now() + TYPING_MS : 0);
  tell("typing");
  if (frame.on) setTimeout(() => tell("typing"), TYPING_MS + 50);
}

function chat(frame) {
  const before = state.rows.get(frame.chat) ?? (state.full?.id === frame.chat ? state.full : null);
  const wasMine = isMine(before);
  if (frame.gone) return gone(frame.chat, wasMine);
  const row = frame.row;
  rows.putRow(row);
  if (!wasMine && isMine(row)) {
    alerts.beep("assigned");
    alerts.notice("assigned", row.id);
  }
  if (state.chosen === row.id && !isMine(row)) lookOn(row);
  if (wasMine !== isMine(row) || before?.state !== row.state) {
    countSoon();
    actions.refreshMe().catch(() => {});
    if (state.chosen === row.id) chats.refreshChosen().catch(() => chats.choose(null));
  }
}

function gone(id, wasMine) {
  rows.dropRow(id);
  countSoon();
  if (wasMine) actions.refreshMe().catch(() => {});
  if (state.chosen === id) chats.refreshChosen().catch(() => chats.choose(null));
}

function lookOn(row) {
  const thread = threads.threadOf(row.conversation);
  if (thread.isLoaded && row.last_seq > threads.lastSeq(thread)) threads.refresh(row).catch(() => {});
}

function note(frame) {
  const row = state.rows.get(frame.chat) ?? (state.full?.id === frame.chat ? state.full : null);
  if (!row) return;
  threads.addNote(row.conversation, frame.note);
  if (frame.note.mentions.some((one) => one.id === state.me?.agent.id)) {
    alerts.beep("message");
    toast(say("mentioned", { name: frame.note.author.name, customer: row.customer.name }));
  }
}

let counting = 0;
function countSoon() {
  clearTimeout(counting);
  counting = setTimeout(() => rows.refreshCounts().catch(() => {}), COUNT_AFTER_MS);
}

function agent(frame) {
  const { status, load, max } = frame;
  if (frame.agent === state.me?.agent.id) {
    state.me = { ...state.me, status, load, max };
    tell("me");
  }
  const known = state.colleagues.find((one) => one.id === frame.agent);
  if (known) Object.assign(known, { status, load, max });
}

function viewing(frame) {
  chats.noteViewer(frame.chat, frame.agent, frame.state);
}

function alarm(frame) {
  const row = state.rows.get(frame.chat);
  alerts.beep("alarm");
  alerts.notice("alarm", frame.chat);
  toast(row ? say(`alarm_${frame.kind}`, { name: row.customer.name }) : say("notice_alarm"), "bad");
  byId("rows").querySelector(`[data-chat="${CSS.escape(frame.chat)}"]`)?.classList.add("alarmed");
}
