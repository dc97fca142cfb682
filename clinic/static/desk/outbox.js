// Messages on their way. Each keeps its own id until the server has it, so a resend is harmless.
import { ApiError, UnreachableError } from "./api.js";
import * as desk from "./endpoints.js";
import * as socket from "./socket.js";
import { state, tell } from "./store.js";
import * as threads from "./threads.js";
import { now } from "./times.js";

const KEPT = "desk.outbox";
const items = new Map(JSON.parse(sessionStorage.getItem(KEPT) || "[]").map((item) => [item.cid, item]));
let onConflict = () => {};

export const whenConflict = (asker) => (onConflict = asker);
export const waitingIn = (conversation) => [...items.values()].filter((item) => item.conversation === conversation);
export const isEmpty = () => items.size === 0;

export function send(conversation, { kind = "text", body, extra = null, seen }) {
  const item = { cid: crypto.randomUUID(), conversation, kind, body, extra, seen, at: new Date(now()).toISOString(), state: "sending", why: "" };
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
  const message = { cid: item.cid, kind: item.kind, body: item.body };
  if (item.extra) message.extra = item.extra;
  if (item.seen !== undefined) message.seen = item.seen;
  if (socket.isOpen()) return socket.ask({ t: "send", conv: item.conversation, ...message });
  return desk.sendByHttp(item.conversation, message);
}

function arrived(item, answer) {
  items.delete(item.cid);
  threads.apply(item.conversation, {
    ...{ seq: answer.seq, rev: answer.rev ?? answer.seq, message_id: answer.message_id, sender: state.me.account, role: "agent" },
    ...{ kind: item.kind, body: item.body, extra: item.extra, cid: item.cid, code: "", params: null, sent_at: answer.sent_at },
  });
  changed(item);
}

function refused(item, error) {
  const isAway = error instanceof socket.SocketClosed || error instanceof UnreachableError;
  if (isAway || (error instanceof ApiError && error.status >= 500)) return changed(item); // goes out after the reconnect
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
