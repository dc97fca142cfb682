// The keys of the front desk. Letters count only outside of fields.
import { byId } from "../desk/dom.js";
import { openBooking } from "./booking.js";
import * as details from "./details.js";
import { showKeys } from "./dialogs.js";
import * as drag from "./drag.js";
import { closeSide } from "./finding.js";
import { FINE, SNAP } from "./geometry.js";
import { isMovable } from "./grid.js";
import * as header from "./header.js";
import * as moving from "./moving.js";
import { state, visitOf } from "./state.js";

const LETTERS = {
  t: header.goToday,
  d: () => header.go({ view: "day" }),
  w: () => header.go({ view: "week" }),
  j: () => header.step(1),
  k: () => header.step(-1),
  n: () => state.mayWork && openBooking(),
  u: moving.undoLast,
  m: carry,
  "/": () => byId("search").focus(),
  "?": showKeys,
};

export function start() {
  document.addEventListener("keydown", pressed);
}

const isField = (element) => element.matches("input, textarea, select, [contenteditable]");

function pressed(event) {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || byId("dialog").open) return;
  if (moving.flight) return carried(event);
  if (event.key === "Escape") return take(event, escape);
  if (isField(event.target)) return;
  const visit = event.target.closest("[data-visit]");
  if (visit && event.key.startsWith("Arrow")) return take(event, () => goTo(visit, event.key));
  const deed = LETTERS[event.key.toLowerCase()];
  if (deed) take(event, deed);
}

function take(event, deed) {
  event.preventDefault();
  deed();
}

function escape() {
  if (isField(document.activeElement)) return document.activeElement.blur();
  if (state.side === "detail") details.close();
  else closeSide();
}

// M on a visit carries it by the arrows; elsewhere it asks in a dialogue for the one whose details are open.
function carry() {
  const element = document.activeElement?.closest("[data-visit]");
  const visit = element && visitOf(element.dataset.visit);
  if (visit && isMovable(visit) && state.mayWork) {
    moving.lift(visit, element);
    say();
  } else details.askMoveOf();
}

const say = () => (byId("announcer").textContent = moving.announcement());

function carried(event) {
  const { column, begins } = moving.flight;
  const step = event.shiftKey ? FINE : SNAP;
  const ways = { ArrowUp: [0, -step], ArrowDown: [0, step], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const way = ways[event.key];
  if (way) take(event, () => moving.carryTo(column + way[0], begins + way[1]));
  else if (event.key === "Enter") return take(event, moving.drop);
  else if (event.key === "Escape") return take(event, () => drag.cancel() || moving.putDown());
  else return;
  say();
  document.querySelector(".ghost")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// Up and down in a column by time, left and right to the nearest visit of the neighbour.
function goTo(element, key) {
  const lane = element.closest(".lane");
  const sorted = (one) => [...one.querySelectorAll("[data-visit]")].sort((first, second) => first.offsetTop - second.offsetTop);
  if (key === "ArrowUp" || key === "ArrowDown") {
    const column = sorted(lane);
    return focus(column[column.indexOf(element) + (key === "ArrowDown" ? 1 : -1)]);
  }
  let next = lane;
  do next = key === "ArrowRight" ? next.nextElementSibling : next.previousElementSibling;
  while (next && !next.querySelector("[data-visit]"));
  if (!next) return;
  const far = (one) => Math.abs(one.offsetTop - element.offsetTop);
  focus(sorted(next).sort((first, second) => far(first) - far(second))[0]);
}

export function focus(element) {
  if (!element) return;
  for (const one of document.querySelectorAll("[data-visit]")) one.tabIndex = one === element ? 0 : -1;
  element.focus();
}

// One visit is reached by Tab, the others by arrows.
export function settle() {
  const wanted = document.querySelector(`[data-visit="${state.chosen}"]`) ?? document.querySelector("[data-visit]");
  if (wanted) wanted.tabIndex = 0;
}

