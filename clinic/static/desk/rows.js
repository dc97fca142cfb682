// Rows of the list: what the server lists, kept fresh by pushes, and which of them a tab shows.
import * as desk from "./endpoints.js";
import { isMine, state, tell } from "./store.js";

const TABS = {
  mine: (row) => isMine(row),
  waiting: (row) => row.state === "waiting",
  all: (row) => row.state !== "ended",
  ended: (row) => row.state === "ended",
};
let order = 0;

export function shown() {
  if (state.found) return state.found.map((id) => state.rows.get(id)).filter(Boolean);
  const rows = [...state.rows.values()].filter((row) => TABS[state.tab]?.(row) && fits(row));
  return rows.sort(state.tab === "waiting" ? byPlace : state.tab === "ended" ? byEnd : byWait);
}

export const mine = () => [...state.rows.values()].filter(isMine);
export const unreadOfMine = () => mine().reduce((sum, row) => sum + row.unread, 0);

function fits(row) {
  const { team, tag, language, unread, due } = state.filters;
  if (team && row.team?.id !== team) return false;
  if (tag && !row.tags.some((known) => String(known.id) === tag)) return false;
  if (language && row.language !== language) return false;
  if (unread && !row.unread) return false;
  return !due || Boolean(row.sla?.due_at);
}

const text = (value) => value ?? "";
const last = (row) => row.last_message?.at ?? row.enqueued_at;
const byPlace = (a, b) => b.priority - a.priority || text(a.enqueued_at).localeCompare(text(b.enqueued_at));
const byEnd = (a, b) => text(last(b)).localeCompare(text(last(a)));
function byWait(a, b) {
  if (Boolean(a.waiting_since) !== Boolean(b.waiting_since)) return a.waiting_since ? -1 : 1;
  return a.waiting_since ? a.waiting_since.localeCompare(b.waiting_since) : last(b).localeCompare(last(a));
}

export function putRow(row) {
  state.rows.set(row.id, { ...state.rows.get(row.id), ...row });
  if (state.full?.id === row.id) state.full = { ...state.full, ...row };
  tell("rows", row.id);
}

export function dropRow(id) {
  state.rows.delete(id);
  tell("rows", id);
}

// Reads a tab anew; an answer that a later question overtook is dropped.
export async function reload() {
  state.isLoading = true;
  state.isPaged = false;
  tell("rows");
  try {
    await refresh();
  } finally {
    state.isLoading = false;
    tell("rows");
  }
}

// The same without a word, for who looks at the first page anyway.
export async function refresh() {
  const asked = ++order;
  const page = state.filters.q ? await find() : await desk.chats(query());
  if (asked !== order) return;
  state.found = state.filters.q ? page.results.map((row) => row.id) : null;
  keepOnly(page.results);
  state.cursor = page.next;
  tell("rows");
}

export async function loadMore() {
  if (!state.cursor || state.isLoading) return;
  const asked = ++order;
  const page = await desk.chats({ ...query(), cursor: state.cursor });
  if (asked !== order) return;
  page.results.forEach(putRow);
  state.cursor = page.next;
  state.isPaged = true;
  tell("rows");
}

function query() {
  const { team, tag, language, unread, due } = state.filters;
  return { tab: state.tab, team, tag, language, unread: unread ? "true" : "", due: due ? "true" : "" };
}

async function find() {
  const found = await desk.search(state.filters.q, state.filters.team);
  return { results: found.chats, next: null };
}

// Chats of one's own that came or went while another tab was shown and nobody told.
export async function reloadMine() {
  if (state.tab === "mine" && !state.found) return;
  const page = await desk.chats({ tab: "mine" });
  for (const row of mine()) if (!page.results.some((one) => one.id === row.id)) state.rows.delete(row.id);
  page.results.forEach(putRow);
}

// My own chats stay known in every tab: their badges and alarms go on.
function keepOnly(listed) {
  const ids = new Set(listed.map((row) => row.id));
  for (const row of [...state.rows.values()]) {
    const isOthers = state.found || state.tab !== "mine";
    if (!ids.has(row.id) && row.id !== state.chosen && !(isMine(row) && isOthers)) state.rows.delete(row.id);
  }
  for (const row of listed) state.rows.set(row.id, row);
}

export async function refreshCounts() {
  state.counts = await desk.counts();
  tell("counts");
}
