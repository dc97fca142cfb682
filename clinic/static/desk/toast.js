// A sentence at the edge of the page: what was done, or why not.
import { byId, node } from "./dom.js";

const SHOWN_MS = 5000;
const WITH_DEED_MS = 10000;

// ``deeds`` are buttons behind the sentence; with one it stays longer.
export function toast(text, kind = "", ...deeds) {
  const made = node("div", { class: `toast ${kind}` }, text, deeds);
  byId("toasts").append(made);
  setTimeout(() => made.remove(), deeds.length ? WITH_DEED_MS : SHOWN_MS);
  return made;
}

export function fail(error) {
  toast(error.message, "bad");
}
