// Where an agent writes: a reply to the customer or an internal note, never one for the other.
import * as chats from "./chats.js";
import * as changes from "./changes.js";
import * as desk from "./endpoints.js";
import { byId } from "./dom.js";
import * as drafts from "./drafts.js";
import * as outbox from "./outbox.js";
import * as socket from "./socket.js";
import { chosenRow, isMine, on, state, tell } from "./store.js";
import * as suggest from "./suggest.js";
import * as threads from "./threads.js";
import { secondsSince } from "./times.js";
import { fail } from "./toast.js";
import { say, setup } from "./words.js";

const TYPING_EVERY_MS = 2500;
const QUIET_MS = 8000;
let mode = "reply";
let typedAt = 0;
let quiet = 0;
let boundTo = "";

const field = () => byId("composer-text");
export const isNote = () => mode === "note";

export function start() {
  byId("mode-reply").addEventListener("click", () => setMode("reply"));
  byId("mode-note").addEventListener("click", () => setMode("note"));
  byId("send-reply").addEventListener("click", send);
  byId("send-note").addEventListener("click", send);
  byId("edit-cancel").addEventListener("click", changes.stopEditing);
  field().addEventListener("input", typed);
  field().addEventListener("keydown", pressed);
  on("chosen me rows", bind);
  on("editing", showEditing);
  suggest.start(field(), () => mode);
}

export function setMode(wanted) {
  if (state.editing) changes.stopEditing();
  mode = wanted === "reply" && !mayReply() ? "note" : wanted;
  boundTo = "";
  bind();
  field().focus();
}

const mayReply = () => isMine(chosenRow());

// Shows what was being written in this chat and mode.
function bind() {
  const row = chosenRow();
  byId("composer").hidden = !row || row.state === "ended";
  if (!row) return;
  if (!mayReply() && mode === "reply") mode = "note";
  const known = Boolean(state.full?.drafts && state.full.id === row.id);
  const place = `${row.id} ${mode} ${mayReply()} ${known}`;
  if (place === boundTo) return;
  if (mayReply() && boundTo && boundTo.split(" ")[0] !== row.id) mode = "reply";
  if (state.editing) state.editing = null;
  boundTo = `${row.id} ${mode} ${mayReply()} ${known}`;
  if (known) drafts.take(state.full);
  field().value = drafts.kept(row.id, mode);
  suggest.close();
  draw();
}

function draw() {
  const editing = Boolean(state.editing);
  byId("composer").className = `composer ${mode} ${editing ? "editing" : ""}`;
  byId("mode-reply").disabled = !mayReply();
  byId("mode-reply").setAttribute("aria-pressed", String(mode === "reply"));
  byId("mode-note").setAttribute("aria-pressed", String(mode === "note"));
  byId("send-reply").hidden = mode !== "reply";
  byId("send-note").hidden = mode !== "note";
  byId("send-reply-label").textContent = editing ? say("saveEdit") : say("send");
  byId("attach").hidden = mode !== "reply" || editing || !state.takesFiles;
  byId("macros").hidden = !mayReply() || mode !== "reply" || editing || !state.macros.length;
  byId("edit-bar").hidden = !editing;
  byId("reply-hint").hidden = mayReply();
  field().placeholder = mode === "note" ? say("writeNote") : say("writeReply");
  field().setAttribute("aria-label", mode === "note" ? say("internalNote") : say("reply"));
  resize();
}

function showEditing() {
  const row = chosenRow();
  if (state.editing) {
    mode = "reply";
    boundTo = `${row.id} ${mode} ${mayReply()} true`;
    field().value = state.editing.body;
  } else if (row) field().value = drafts.kept(row.id, mode);
  draw();
  field().focus();
}

function typed() {
  const row = chosenRow();
  if (!row) return;
  resize();
  suggest.update();
  if (state.editing) return;
  drafts.keep(row.id, mode, field().value);
  if (mode !== "reply" || !field().value.trim()) return;
  chats.replying(true);
  if (Date.now() - typedAt > TYPING_EVERY_MS && socket.isOpen()) {
    typedAt = Date.now();
    socket.say({ t: "typing", conv: row.conversation, on: true });
  }
  clearTimeout(quiet);
  quiet = setTimeout(() => chats.replying(false), QUIET_MS);
}

function resize() {
  field().style.height = "auto";
  field().style.height = `${Math.min(field().scrollHeight + 2, 220)}px`;
}

function pressed(event) {
  if (suggest.pressed(event)) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    send();
  } else if (event.key === "Escape") {
    event.stopPropagation();
    if (state.editing) changes.stopEditing();
    else tell("escape");
  } else if (event.key === "ArrowUp" && !field().value && mode === "reply" && mayReply()) {
    event.preventDefault();
    changes.editLast((message) => secondsSince(message.sent_at) < setup.rules.editSeconds);
  }
}

export async function send() {
  const row = chosenRow();
  const body = field().value.trim();
  if (!row || !body) return;
  if (state.editing) return saveEdit(row, body);
  if (mode === "note") return sendNote(row, body);
  if (!mayReply()) return;
  clearField(row, "reply");
  const seen = threads.lastSeq(threads.threadOf(row.conversation));
  suggest.noteUse(body);
  await outbox.send(row.conversation, { body, seen });
}

// The field is free for the next words at once; what could not be saved comes back.
async function saveEdit(row, body) {
  const message = state.editing;
  changes.stopEditing();
  try {
    await changes.saveEdit(row.conversation, message, body);
  } catch (error) {
    fail(error);
    if (chosenRow()?.id === row.id && !field().value) changes.edit({ ...message, body });
  }
}

// The note is taken out of the field only when it is stored.
async function sendNote(row, body) {
  byId("send-note").disabled = true;
  try {
    const note = await desk.addNote(row.id, body, suggest.mentionsIn(body));
    threads.addNote(row.conversation, note);
    clearField(row, "note");
  } catch (error) {
    fail(error);
  } finally {
    byId("send-note").disabled = false;
  }
}

function clearField(row, which) {
  drafts.clear(row.id, which);
  if (chosenRow()?.id === row.id && mode === which) field().value = "";
  clearTimeout(quiet);
  if (which === "reply") chats.replying(false);
  if (which === "reply" && socket.isOpen()) socket.say({ t: "typing", conv: row.conversation, on: false });
  suggest.close();
  resize();
}

// Puts words back, for example those that a colleague's answer made needless.
export function putBack(text) {
  const row = chosenRow();
  field().value = [text, field().value].filter(Boolean).join("\n");
  drafts.keep(row.id, mode, field().value);
  draw();
  field().focus();
}

export function insert(text) {
  field().setRangeText(text, field().selectionStart, field().selectionEnd, "end");
  field().dispatchEvent(new Event("input"));
  field().focus();
}

export function focus() {
  field().focus();
}
