// A sentence at the edge of the page: what was done, or why not.
import { byId, node } from "./dom.js";

const SHOWN_MS = 5000;

export function toast(text, kind = "") {
  const made = node("div", { class: `toast ${kind}` }, text);
  byId("toasts").append(made);
  setTimeout(() => made.remove(), SHOWN_MS);
}

export function fail(error) {
  toast(error.message, "bad");
}
