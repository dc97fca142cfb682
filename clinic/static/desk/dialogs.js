// Questions to the agent: transfer, end, hold, take over, conflict, keys.
import * as actions from "./actions.js";
import * as desk from "./endpoints.js";
import { button, byId, node } from "./dom.js";
import * as outbox from "./outbox.js";
import { putBack } from "./composer.js";
import { chosenRow, isMine, state } from "./store.js";
import { fail } from "./toast.js";
import { label, say, setup } from "./words.js";

function open(title, content, doings) {
  const dialog = byId("dialog");
  const heading = node("h2", { id: "dialog-title" }, title);
  const close = () => dialog.close();
  const buttons = node("div", { class: "doing end" }, button(doings.length === 0 ? say("close") : say("cancel"), close, { kind: "plain" }), doings);
  dialog.replaceChildren(node("form", { method: "dialog", onsubmit: (event) => event.preventDefault() }, heading, content, buttons));
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[autofocus]")?.focus();
  return close;
}

const field = (words, control) => node("label", { class: "field" }, node("span", {}, words), control);
const words = (sentences) => sentences.map((sentence) => [sentence, sentence]);
const options = (entries) => entries.map(([value, words]) => node("option", { value }, words));

export async function askTransfer() {
  const row = chosenRow();
  if (!mayMove(row)) return;
  state.colleagues = await desk.colleagues().then((page) => page.results, () => state.colleagues);
  const to = node("select", { autofocus: true, id: "transfer-to" }, transferGroups(row));
  const reason = node("select", { id: "transfer-reason" }, options(words(setup.transferReasons)));
  const note = node("textarea", { id: "transfer-note", rows: "3", maxlength: "200" });
  const done = async () => {
    const [kind, id] = to.value.split(" ");
    const wish = { to: kind, reason: reason.value, note: note.value.trim() };
    if (id) wish.target = id;
    if (await actions.transfer(row.id, wish)) close();
  };
  const close = open(
    say("transferTo"),
    [field(say("receiver"), to), field(say("reason"), reason), field(say("noteForNext"), note)],
    button(say("transfer"), done, { kind: "primary", id: "transfer-go" }),
  );
}

function transferGroups(row) {
  const others = state.colleagues.filter((one) => one.id !== row.agent?.id && one.status !== "offline");
  const place = (one) => `${one.name} · ${label("status", one.status)} · ${one.load}/${one.max}`;
  const group = (title, made) => (made.length ? node("optgroup", { label: title }, made) : null);
  return [
    group(say("colleagues"), options(others.map((one) => [`agent ${one.id}`, place(one)]))),
    group(say("teams"), options(setup.teams.map((team) => [`team ${team.id}`, team.name]))),
    group(say("queue"), options([["queue", say("backToQueue")]])),
  ];
}

const mayMove = (row) => row && row.state !== "ended" && (isMine(row) || state.me.is_supervisor);

export function askEnd() {
  const row = chosenRow();
  if (!mayMove(row)) return;
  const reason = node("select", { autofocus: true, id: "end-reason" }, options(words(setup.endReasons)));
  const done = async () => (await actions.end(row.id, reason.value)) && close();
  const close = open(say("endTitle", { name: row.customer.name }), [node("p", {}, say("endAbout")), field(say("reason"), reason)], button(say("endChat"), done, { kind: "danger", id: "end-go" }));
}

export function askHold() {
  const row = chosenRow();
  if (!isMine(row)) return;
  if (row.held_until) return actions.unhold(row.id);
  const choices = [5, 10, 15, 30].filter((minutes) => minutes <= setup.rules.holdMinutes);
  const pick = (minutes) => async () => {
    await actions.hold(row.id, minutes);
    close();
  };
  const close = open(say("holdTitle"), node("p", {}, say("holdAbout")), choices.map((minutes) => button(say("minutes", { number: minutes }), pick(minutes))));
}

export function askTakeOver() {
  const row = chosenRow();
  if (!row || row.state !== "active" || isMine(row)) return;
  const done = async () => {
    await actions.takeOver(row.id);
    close();
  };
  const name = row.agent?.name ?? "";
  const close = open(say("takeOver"), node("p", {}, say("takeOverAbout", { name })), button(say("takeOver"), done, { kind: "primary", autofocus: true }));
}

// A colleague was quicker: what to do with the words that were on their way.
export function askConflict(item) {
  const act = (work) => () => {
    close();
    Promise.resolve(work()).catch(fail);
  };
  const back = () => {
    outbox.drop(item);
    putBack(item.body);
  };
  const close = open(
    say("conflictTitle"),
    [node("p", {}, say("conflictAbout")), node("blockquote", {}, item.body || item.extra?.name || "")],
    [button(say("backToEditing"), act(back), { autofocus: true }), button(say("sendAnyway"), act(() => outbox.anyway(item)), { kind: "primary" })],
  );
}

export function showKeys() {
  const rows = setup.keys.map(([keys, words]) => node("tr", {}, node("td", {}, keys.split(" ").map((key) => node("kbd", {}, key))), node("td", {}, words)));
  open(say("keys"), node("table", { class: "keys" }, node("tbody", {}, rows)), []);
}
