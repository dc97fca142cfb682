// What an agent does with a chat; each is one call and one sentence when it fails.
import * as chats from "./chats.js";
import * as desk from "./endpoints.js";
import { chosenRow, isMine, state, tell } from "./store.js";
import * as rows from "./rows.js";
import { fail, toast } from "./toast.js";
import { say } from "./words.js";

export async function run(work, told = "") {
  try {
    const answer = await work();
    if (told) toast(told);
    return answer ?? true;
  } catch (error) {
    fail(error);
    return null;
  }
}

export async function takeNext() {
  const answer = await run(desk.takeNext);
  if (answer === true) return toast(say("nobodyWaits"));
  if (answer) showAsMine(answer);
}

export async function take(id) {
  const answer = await run(() => desk.take(id));
  if (answer) showAsMine(answer);
}

export async function takeOver(id) {
  const answer = await run(() => desk.takeOver(id), say("takenOver"));
  if (answer) showAsMine(answer);
}

function showAsMine(chat) {
  rows.putRow(chat);
  chats.choose(chat.id);
  afterMove();
}

export async function transfer(id, wish) {
  const answer = await run(() => desk.transfer(id, wish), say("transferred"));
  if (answer) leave(id, answer);
  return Boolean(answer);
}

export async function end(id, reason) {
  const answer = await run(() => desk.end(id, reason), say("chatEnded"));
  if (answer) leave(id, answer);
  return Boolean(answer);
}

function leave(id, answer) {
  if (answer.id) rows.putRow(answer);
  if (state.chosen === id) chats.refreshChosen().catch(() => chats.choose(null));
  afterMove();
}

export async function hold(id, minutes) {
  const answer = await run(() => desk.hold(id, minutes), say("held"));
  if (answer?.id) rows.putRow(answer);
}

export async function unhold(id) {
  const answer = await run(() => desk.unhold(id));
  if (answer?.id) rows.putRow(answer);
}

export async function runMacro(macro) {
  const row = chosenRow();
  if (!isMine(row)) return;
  if (await run(() => desk.runMacro(row.id, macro.id), macro.title)) {
    await chats.refreshChosen().catch(() => chats.choose(null));
    afterMove();
  }
}

export async function setStatus(status) {
  const answer = await run(() => desk.setStatus(status));
  if (!answer) return;
  state.me = answer;
  tell("me");
  // Who is offline is told of nothing; what happened meanwhile is read.
  await run(() => Promise.all([rows.reload(), rows.refreshCounts()]));
}

export async function saveTags(row, tags) {
  const answer = await run(() => desk.saveTags(row.id, tags));
  if (answer) rows.putRow({ id: row.id, tags: answer.tags });
}

export async function refreshMe() {
  state.me = await desk.me();
  tell("me");
}

function afterMove() {
  refreshMe().catch(() => {});
  rows.refreshCounts().catch(() => {});
}
