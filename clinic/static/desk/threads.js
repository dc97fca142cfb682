// Messages and notes of conversations as they stand, whatever order they arrive in.
import * as desk from "./endpoints.js";
import * as socket from "./socket.js";
import { rowOfConversation, state, tell } from "./store.js";

const threads = new Map();
const ownCids = new Set(JSON.parse(sessionStorage.getItem("desk.cids") || "[]"));

export function threadOf(conversation) {
  if (!threads.has(conversation)) {
    threads.set(conversation, {
      conversation,
      messages: new Map(), // seq -> message
      notes: new Map(), // number -> note
      marks: { delivered: 0, read: 0 }, // how far the customer has received and read
      rev: 0,
      hasOlder: false,
      isLoaded: false,
      isLoading: false,
    });
  }
  return threads.get(conversation);
}

export function remember(cid) {
  ownCids.add(cid);
  sessionStorage.setItem("desk.cids", JSON.stringify([...ownCids].slice(-500)));
}

export const isOwn = (message) => (message.cid && ownCids.has(message.cid)) || Boolean(message.sender) && message.sender === state.me?.account;
export const isCustomer = (message) => message.role === "patient" || message.role === "doctor";
export const lastSeq = (thread) => Math.max(0, ...thread.messages.keys());

// Keeps the newest revision of each message; a hole in the revisions is asked for.
export function apply(conversation, message) {
  const thread = threads.get(conversation);
  if (!thread?.isLoaded) return;
  const rev = message.rev ?? message.seq;
  if (rev > thread.rev + 1) askMissing(thread);
  else thread.rev = Math.max(thread.rev, rev);
  keep(thread, message);
  tell("thread", conversation);
}

function keep(thread, message) {
  const known = thread.messages.get(message.seq);
  if (!known || (message.rev ?? 0) >= (known.rev ?? 0)) thread.messages.set(message.seq, message);
}

export function applySync(frame) {
  const thread = threads.get(frame.conv);
  if (!thread?.isLoaded) return;
  for (const message of frame.messages) {
    keep(thread, message);
    thread.rev = Math.max(thread.rev, message.rev ?? message.seq);
  }
  if (frame.more) askMissing(thread);
  else thread.rev = Math.max(thread.rev, frame.last_rev ?? frame.last_seq);
  tell("thread", frame.conv);
}

function askMissing(thread) {
  socket.ask({ t: "sync", conv: thread.conversation, after: thread.rev }).catch(() => {});
}

export function applyReceipt(frame) {
  const thread = threads.get(frame.conv);
  if (!thread || frame.user !== rowOfConversation(frame.conv)?.customer.id) return;
  raiseMarks(thread, frame);
  tell("thread", frame.conv);
}

function raiseMarks({ marks }, { delivered, read }) {
  marks.delivered = Math.max(marks.delivered, delivered, read);
  marks.read = Math.max(marks.read, read);
}

// Where this page stands, for the server to send what is missing after a reconnect.
export function standings() {
  const loaded = [...threads.values()].filter((thread) => thread.isLoaded).slice(-200);
  return Object.fromEntries(loaded.map((thread) => [thread.conversation, thread.rev]));
}

export async function load(chat) {
  const thread = threadOf(chat.conversation);
  const [page, notes] = await Promise.all([desk.messages(chat.id, {}), desk.notes(chat.id)]);
  for (const message of page.messages) keep(thread, message);
  for (const note of notes.results) thread.notes.set(note.number, note);
  if (chat.marks) raiseMarks(thread, chat.marks);
  if (!thread.isLoaded) thread.hasOlder = page.more;
  thread.rev = Math.max(thread.rev, page.last_rev ?? page.last_seq ?? 0);
  thread.isLoaded = true;
  tell("thread", chat.conversation);
  return thread;
}

export async function loadOlder(chat) {
  const thread = threadOf(chat.conversation);
  if (thread.isLoading || !thread.hasOlder) return;
  thread.isLoading = true;
  try {
    const page = await desk.messages(chat.id, { before: Math.min(...thread.messages.keys()) });
    for (const message of page.messages) keep(thread, message);
    thread.hasOlder = page.more;
  } finally {
    thread.isLoading = false;
    tell("thread", chat.conversation);
  }
}

// What came since, for who looks on without being a member: no push tells him.
export async function refresh(chat) {
  const thread = threadOf(chat.conversation);
  if (!thread.isLoaded || thread.isLoading) return;
  thread.isLoading = true;
  try {
    const page = await desk.messages(chat.id, { after_rev: thread.rev });
    for (const message of page.messages) keep(thread, message);
    thread.rev = Math.max(thread.rev, page.more ? Math.max(...page.messages.map((message) => message.rev)) : page.last_rev);
  } finally {
    thread.isLoading = false;
    tell("thread", chat.conversation);
  }
}

export function addNote(conversation, note) {
  threadOf(conversation).notes.set(note.number, note);
  tell("thread", conversation);
}

export function forget(conversation) {
  threads.delete(conversation);
}
