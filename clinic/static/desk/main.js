// Starts the desk.
import * as alerts from "./alerts.js";
import * as chatbar from "./chatbar.js";
import * as chats from "./chats.js";
import * as command from "./command.js";
import * as composer from "./composer.js";
import * as context from "./context.js";
import * as desk from "./endpoints.js";
import * as dialogs from "./dialogs.js";
import * as drafts from "./drafts.js";
import * as files from "./files.js";
import * as header from "./header.js";
import * as keys from "./keys.js";
import * as list from "./list.js";
import * as macros from "./macros.js";
import * as outbox from "./outbox.js";
import * as pushes from "./pushes.js";
import * as rows from "./rows.js";
import { state, tell } from "./store.js";
import * as thread from "./thread.js";
import { tick } from "./times.js";
import { fail } from "./toast.js";

const listed = async (asked) => (await asked().catch(() => ({ results: [] }))).results;

async function start() {
  for (const part of [header, list, chatbar, thread, composer, files, context, command, macros, alerts, keys]) part.start();
  outbox.whenConflict(dialogs.askConflict);
  state.me = await desk.me();
  [state.tags, state.colleagues, state.macros] = await Promise.all([listed(desk.tags), listed(desk.colleagues), listed(desk.macros)]);
  list.fillFilters();
  tell("me");
  pushes.start();
  await Promise.all([rows.reload(), rows.refreshCounts()]);
  const wanted = new URLSearchParams(location.search).get("chat");
  if (wanted) chats.choose(wanted);
}

setInterval(tick, 1000);
new MutationObserver(tick).observe(document.body, { childList: true, subtree: true });

window.addEventListener("beforeunload", (event) => {
  if (!outbox.isEmpty() || drafts.isAnyUnsent()) event.preventDefault();
});

start().catch(fail);
