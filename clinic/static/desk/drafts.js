// Unsent words, per chat and mode: here at once, on the server a second later.
import * as desk from "./endpoints.js";
import { isMine, state } from "./store.js";

const LATER_MS = 1000;
const timers = new Map();
const name = (chat, mode) => `desk.draft.${chat}.${mode}`;

// The session's store, not the machine's: others may sit down here tomorrow.
export const kept = (chat, mode) => sessionStorage.getItem(name(chat, mode)) ?? "";

export function keep(chat, mode, body) {
  if (body) sessionStorage.setItem(name(chat, mode), body);
  else sessionStorage.removeItem(name(chat, mode));
  clearTimeout(timers.get(name(chat, mode)));
  timers.set(name(chat, mode), setTimeout(() => store(chat, mode, body), LATER_MS));
}

// Sent: nothing is left to keep.
export function clear(chat, mode) {
  const hadServerCopy = timers.has(name(chat, mode)) || state.full?.drafts?.[mode];
  clearTimeout(timers.get(name(chat, mode)));
  timers.delete(name(chat, mode));
  sessionStorage.removeItem(name(chat, mode));
  if (hadServerCopy) store(chat, mode, "");
}

// What this page holds counts; else what was written on another device.
export function take(full) {
  for (const mode of ["reply", "note"]) {
    const known = full.drafts?.[mode] ?? "";
    if (known && !kept(full.id, mode)) sessionStorage.setItem(name(full.id, mode), known);
  }
}

function store(chat, mode, body) {
  desk.saveDraft(chat, mode, body).catch(() => {});
}

export function isAnyUnsent() {
  return Object.keys(sessionStorage).some((key) => key.startsWith("desk.draft.") && sessionStorage.getItem(key).trim() && stillOpen(key));
}

function stillOpen(key) {
  const row = state.rows.get(key.split(".")[2]);
  return !row || isMine(row);
}
