// What the page knows. Parts of the page listen to topics and draw themselves anew.

export const state = {
  me: null, // {agent, account, load, max, status, teams, is_supervisor}
  tab: "mine",
  filters: { team: "", tag: "", language: "", unread: false, due: false, q: "" },
  rows: new Map(), // chat id -> row of the list
  found: null, // ids of the chats that fit the search, best first
  cursor: null, // where the list of this tab goes on
  isLoading: false,
  isPaged: false, // more than the first page is shown
  counts: {},
  chosen: null, // id of the chat in the middle
  full: null, // what is known of it beyond the row
  left: [], // left messages
  tags: [],
  colleagues: [],
  macros: [],
  typing: new Map(), // conversation -> until when the dots show
  viewers: new Map(), // chat id -> Map(agent id -> {name, state, until})
  link: { state: "connecting", retryAt: 0 },
};

const listeners = new Map();

export function on(topics, listener) {
  for (const topic of topics.split(" ")) {
    if (!listeners.has(topic)) listeners.set(topic, new Set());
    listeners.get(topic).add(listener);
  }
}

// Listeners run once per frame and topic, however often a topic is told in between.
const waiting = new Map();
export function tell(topic, detail) {
  if (!waiting.size) queueMicrotask(flush);
  waiting.set(topic, detail);
}

function flush() {
  const due = [...waiting];
  waiting.clear();
  const called = new Set();
  for (const [topic, detail] of due) {
    for (const listener of listeners.get(topic) ?? []) {
      if (called.has(listener)) continue;
      called.add(listener);
      listener(detail);
    }
  }
}

export const chosenRow = () => state.rows.get(state.chosen) ?? state.full;
export const isMine = (row) => Boolean(row && row.state === "active" && row.agent?.id === state.me?.agent.id);
export const rowOfConversation = (conversation) => {
  for (const row of state.rows.values()) if (row.conversation === conversation) return row;
  return state.full?.conversation === conversation ? state.full : null;
};
