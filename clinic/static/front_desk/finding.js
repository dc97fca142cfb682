// The search field: a booking code or a whole phone number.
import { button, byId, chip, node } from "../desk/dom.js";
import { label, say } from "../desk/words.js";
import * as desk from "./endpoints.js";
import { sentenceOf } from "./refusals.js";
import { state, tell } from "./state.js";
import { toast } from "../desk/toast.js";
import { clockOf, shortDay } from "./walls.js";

export function start() {
  byId("find").addEventListener("submit", (event) => {
    event.preventDefault();
    find(byId("search").value.trim());
  });
}

async function find(text) {
  if (!text) return;
  try {
    const { results } = await desk.search(text);
    byId("search").value = "";
    if (results.length === 1) show(results[0]);
    else list(results);
  } catch (error) {
    toast(sentenceOf(error), "bad");
  }
}

// Opens the book where the appointment stands, and its details.
function show(found) {
  if (found.date) tell("go", { branch: found.branch ?? "", date: found.date, view: "day", doctor: "" });
  tell("choose", found.id);
}

function list(results) {
  state.side = "found";
  state.chosen = null;
  const side = byId("side");
  side.hidden = false;
  const rows = results.map((one) => node("button", { type: "button", onclick: () => show(one) }, node("span", { class: "spread" }, node("b", {}, one.person), chip(label("state", one.state), one.state)), node("small", {}, [one.date ? `${shortDay(one.date)} ${clockOf(one.begins)}` : "", one.type, one.doctor, one.code].filter(Boolean).join(" · "))));
  side.replaceChildren(node("div", { class: "side-top" }, node("div", {}, node("h2", {}, say("found", { number: results.length }))), button("", closeSide, { symbol: "close", kind: "quiet", title: say("close") })), results.length ? node("div", { class: "found" }, rows) : node("p", { class: "muted" }, say("nothingFound")));
  side.querySelector(".found button")?.focus();
}

export function closeSide() {
  state.side = "";
  byId("side").hidden = true;
}
