// Messages on their way. Each keeps its own id until the server has it, so a resend is harmless.
import { newId } from "./dom.js";
import * as socket from "./socket.js";
import { state, tell } from "./store.js";
import * as threads from "./threads.js";
import { now } from "./times.js";

const KEPT = "desk.outbox";
const items = new Map(JSON.parse(sessionStorage.getItem(KEPT) || "[]").map((item) => [item.cid, item]));
let onConflict = () => {};
let onStored = () => {};

export const whenConflict = (asker) => (onConflict = asker);
export const whenStored = (noter) => (onStored = noter);
export const waitingIn = (conversation) => [...items.values()].filter((item) => item.conversation === conversation);
export const isEmpty = () => items.size === 0;

export function send(conversation, { kind = "text", body = "", extra = null, attachment, seen }) {
  const item = { cid: newId(), conversation, kind, body, extra, attachment, seen, at: new Date(now()).toISOString(), state: "sending", why: "" };
  items.set(item.cid, item);
  threads.remember(item.cid);
  changed(item);
  return attempt(item);
}

export function again(item) {
  item.state = "sending";
  item.why = "";
  changed(item);
  return attempt(item);
}

export function anyway(item) {
  delete item.seen;
  return again(item);
}

export function drop(item) {
  items.delete(item.cid);
  changed(item);
}

// After a reconnect: everything without an answer goes out again under its old id.
export async function resend() {
  for (const item of [...items.values()]) if (item.state === "sending") await attempt(item);
}

async function attempt(item) {
  if (item.isUnderWay) return;
  item.isUnderWay = true;
  try {
    arrived(item, await carry(item));
  } catch (error) {
    refused(item, error);
  } finally {
    item.isUnderWay = false;
  }
}

function carry(item) {
  const frame = { t: "send", conv: item.conversation, cid: item.cid, kind: item.kind };
  if (item.attachment) frame.attachment = item.attachment;
  else frame.body = item.body;
  if (item.seen !== undefined) frame.seen = item.seen;
  return socket.ask(frame);
}

function arrived(item, answer) {
  items.delete(item.cid);
  const message = {
    ...{ conv: item.conversation, seq: answer.seq, rev: answer.rev ?? answer.seq, message_id: answer.message_id, sender: state.me.account, role: "agent" },
    ...{ kind: item.kind, body: item.body, extra: item.extra, cid: item.cid, code: "", params: null, sent_at: answer.sent_at },
  };
  threads.apply(item.conversation, message);
  changed(item);
  onStored(message);
}

function refused(item, error) {
  if (error instanceof socket.SocketClosed) return changed(item); // goes out after the reconnect
  if (error.code === "rate_limited") {
    setTimeout(() => attempt(item), Math.max(1, error.retryAfter) * 1000);
    return changed(item);
  }
  item.state = "failed";
  item.why = error.message;
  changed(item);
  if (error.code === "conflict") onConflict(item);
}

function changed(item) {
  sessionStorage.setItem(KEPT, JSON.stringify([...items.values()].map(({ isUnderWay, ...kept }) => kept)));
  tell("thread", item.conversation);
}
