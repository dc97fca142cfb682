// The keys of the desk. Letters count only outside of fields.
import * as actions from "./actions.js";
import { choose } from "./chats.js";
import * as command from "./command.js";
import * as composer from "./composer.js";
import * as dialogs from "./dialogs.js";
import * as list from "./list.js";
import { on, state } from "./store.js";

const LETTERS = {
  j: () => list.step(1),
  k: () => list.step(-1),
  t: dialogs.askTransfer,
  e: dialogs.askEnd,
  a: actions.takeNext,
  n: () => state.chosen && composer.setMode("note"),
  r: () => state.chosen && composer.setMode("reply"),
  "?": dialogs.showKeys,
};

export function start() {
  document.addEventListener("keydown", pressed);
  on("escape", list.focus);
  on("opened", () => {
    if (isQuiet(document.activeElement)) composer.focus();
  });
}

const isQuiet = (element) => !element || element === document.body || element.matches("[data-chat]");
const isField = (element) => element.matches("input, textarea, select, [contenteditable]");

function pressed(event) {
  if (event.isComposing) return;
  const control = event.ctrlKey || event.metaKey;
  if (control && event.key.toLowerCase() === "k") return take(event, command.open);
  if (document.querySelector("dialog[open]")) return;
  // Chromium keeps Ctrl+Shift+N for itself in a window with tabs, so Alt+N does the same.
  if ((control && event.shiftKey && event.key.toLowerCase() === "n") || (event.altKey && event.code === "KeyN")) return take(event, () => state.chosen && composer.setMode("note"));
  if (event.key === "Escape" && !event.defaultPrevented) return take(event, list.focus);
  if (control || event.altKey || isField(event.target)) return;
  if (event.key === "/") return take(event, startCanned);
  if (event.key === "Enter" && event.target.dataset?.chat) return take(event, () => choose(event.target.dataset.chat));
  const deed = LETTERS[event.key.toLowerCase()];
  if (deed) take(event, deed);
}

function take(event, deed) {
  event.preventDefault();
  deed();
}

function startCanned() {
  if (!state.chosen) return;
  composer.setMode("reply");
  composer.insert("/");
}
