// Editing and recalling one's own messages.
import { state, tell, chosenRow } from "./store.js";
import * as socket from "./socket.js";
import * as threads from "./threads.js";
import { fail } from "./toast.js";
import { say } from "./words.js";

export function edit(message) {
  state.editing = message;
  tell("editing");
}

// The arrow key in an empty field: the last own text that may still change.
export function editLast(mayEdit) {
  const thread = threads.threadOf(chosenRow().conversation);
  const own = [...thread.messages.values()].filter((message) => threads.isOwn(message) && message.kind === "text" && !message.recalled_at && mayEdit(message));
  if (own.length) edit(own.sort((a, b) => b.seq - a.seq)[0]);
}

export function stopEditing() {
  state.editing = null;
  tell("editing");
}

export async function saveEdit(conversation, message, body) {
  await change({ t: "edit", conv: conversation, message_id: message.message_id, body });
}

export async function recall(row, message) {
  await change({ t: "recall", conv: row.conversation, message_id: message.message_id }).catch(fail);
}

async function change(frame) {
  try {
    return await socket.ask(frame);
  } catch (error) {
    throw error instanceof socket.SocketClosed ? new Error(say("unreachable")) : error;
  }
}
