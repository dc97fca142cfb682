// The chat in the middle: choosing it, reading it, telling colleagues that one looks at it.
import * as desk from "./endpoints.js";
import * as socket from "./socket.js";
import { chosenRow, isMine, state, tell } from "./store.js";
import * as threads from "./threads.js";
import { fail } from "./toast.js";

const VIEW_EVERY_MS = 15000;
const VIEWED_MS = 30000;
let order = 0;

export async function choose(id) {
  const before = state.chosen;
  if (before && before !== id) tellViewing(before, "gone");
  state.chosen = id;
  state.full = state.rows.get(id) ?? null;
  state.context = null;
  tell("chosen");
  if (!id) return;
  const asked = ++order;
  try {
    const full = await desk.chatOf(id);
    if (asked !== order) return;
    state.full = full;
    for (const one of full.viewing ?? []) noteViewer(id, one.agent, one.state);
    tell("chosen");
    await threads.load(full);
    if (asked !== order) return;
    tell("opened");
    readChosen();
    tellViewing(id, "viewing");
    await loadContext();
  } catch (error) {
    if (asked === order) fail(error);
  }
}

export async function loadContext() {
  const id = state.chosen;
  const context = await desk.context(id);
  if (id === state.chosen) {
    state.context = context;
    tell("context");
  }
}

// After a reconnect or a change by others: the chat as it stands now.
export async function refreshChosen() {
  if (!state.chosen) return;
  const id = state.chosen;
  const full = await desk.chatOf(id);
  if (id !== state.chosen) return;
  state.full = full;
  tell("chosen");
  await threads.load(full);
}

// Read is what stands on a visible page, in a chat of one's own.
export function readChosen() {
  const row = chosenRow();
  if (!isMine(row) || document.visibilityState !== "visible" || !document.hasFocus()) return;
  const thread = threads.threadOf(row.conversation);
  const last = threads.lastSeq(thread);
  if (!thread.isLoaded || !last || (!row.unread && last <= (thread.told ?? 0))) return;
  thread.told = last;
  socket.ask({ t: "read", conv: row.conversation, seq: last }).catch(() => (thread.told = 0));
  const known = state.rows.get(row.id);
  if (known) known.unread = 0;
  tell("rows");
}

let viewing = "";
export function tellViewing(id, what) {
  viewing = what;
  if (socket.isOpen()) socket.say({ t: "desk_viewing", chat: id, state: what });
}

export function noteViewer(id, agent, what) {
  if (agent.id === state.me?.agent.id) return;
  if (!state.viewers.has(id)) state.viewers.set(id, new Map());
  if (what === "gone") state.viewers.get(id).delete(agent.id);
  else state.viewers.get(id).set(agent.id, { name: agent.name, state: what, until: Date.now() + VIEWED_MS });
  tell("viewers");
}

export function replying(isWriting) {
  const wanted = isWriting ? "replying" : "viewing";
  if (state.chosen && viewing !== wanted) tellViewing(state.chosen, wanted);
}

setInterval(() => {
  if (state.chosen && socket.isOpen() && document.visibilityState === "visible") tellViewing(state.chosen, viewing === "replying" ? "replying" : "viewing");
}, VIEW_EVERY_MS);
document.addEventListener("visibilitychange", readChosen);
window.addEventListener("focus", readChosen);
