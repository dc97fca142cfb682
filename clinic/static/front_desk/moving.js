// One visit on its way to another place: the ghost, the drop, the undo, what to do when refused.
import { byId, button, node } from "../desk/dom.js";
import { fail, toast } from "../desk/toast.js";
import { say } from "../desk/words.js";
import * as desk from "./endpoints.js";
import { SNAP } from "./geometry.js";
import { placed, sheet } from "./grid.js";
import { askRefused } from "./refusals.js";
import { state, tell, visitOf } from "./state.js";
import { clockOf } from "./walls.js";

let ghost = null;
export let flight = null; // {visit, from, column, begins}: what is being carried, and over which place

export function lift(visit, element) {
  const column = sheet.columns.findIndex((one) => one.doctor.id === visit.doctor_id && one.day.date === visit.date);
  flight = { visit, element, from: { column, begins: visit.begins }, column, begins: visit.begins };
  state.busy = true;
  element.classList.add("moving");
  document.body.classList.add("dragging-now");
  ghost = node("div", { class: "ghost" });
  show();
}

export function carryTo(column, begins) {
  const length = flight.visit.ends - flight.visit.begins;
  flight.column = Math.max(0, Math.min(sheet.columns.length - 1, column));
  flight.begins = Math.max(sheet.first * 60, Math.min(sheet.last * 60 - length, begins));
  show();
}

function show() {
  const { visit, column, begins } = flight;
  const ends = begins + visit.ends - visit.begins;
  const lane = sheet.lanes[column];
  for (const one of sheet.lanes) one.classList.toggle("target", one === lane);
  if (ghost.parentElement !== lane) lane.append(ghost);
  placed(ghost, begins, ends, SNAP);
  ghost.style.left = "3px";
  ghost.style.right = "3px";
  ghost.textContent = `${clockOf(begins)} ${visit.person}`;
  ghost.classList.toggle("blocked", isBlocked(sheet.columns[column], begins, ends, visit));
}

// What the page knows already; the server has the last word.
function isBlocked(column, begins, ends, visit) {
  const overlaps = ([since, until]) => begins < until && since < ends;
  const isOpen = column.lane.hours.some(([since, until]) => since <= begins && ends <= until);
  const others = state.book.visits.filter((one) => one.id !== visit.id && one.doctor_id === column.doctor.id && one.date === column.day.date && !["completed", "no_show"].includes(one.state));
  return !isOpen || column.lane.away.some(overlaps) || others.some((one) => overlaps([one.begins, one.ends]));
}

export function announcement() {
  const column = sheet.columns[flight.column];
  const place = state.view === "day" ? column.doctor.name : column.day.date;
  return say("carriedTo", { time: clockOf(flight.begins), place });
}

export function putDown() {
  flight?.element.classList.remove("moving");
  for (const one of sheet.lanes) one.classList.remove("target");
  ghost?.remove();
  ghost = flight = null;
  state.busy = false;
  document.body.classList.remove("dragging-now");
}

export function drop() {
  const { visit, from, column, begins } = flight;
  const isSame = from.column === column && from.begins === begins;
  const target = sheet.columns[column];
  putDown();
  if (isSame) return tell("redraw");
  const wish = { date: target.day.date, time: clockOf(begins) };
  if (target.doctor.id !== visit.doctor_id) wish.doctor_id = target.doctor.id;
  return move(visit, wish);
}

// The page shows the new place at once; a refusal puts everything back.
export async function move(visit, wish, { isUndo = false } = {}) {
  const before = { date: visit.date, time: clockOf(visit.begins), doctor_id: visit.doctor_id };
  pretend(visit.id, wish);
  try {
    const moved = await desk.move(visit.id, wish);
    if (isUndo) toast(say("undone"));
    else sayMoved(moved, visit, before);
    tell("moved", moved);
    return true;
  } catch (error) {
    tell("refresh");
    if (error.document) askRefused(error, { again: (changes) => move(visit, { ...wish, ...changes }) });
    else fail(error);
    return false;
  }
}

function pretend(id, wish) {
  const shown = visitOf(id);
  if (!shown) return;
  const [hour, minute] = wish.time.split(":").map(Number);
  const length = shown.ends - shown.begins;
  Object.assign(shown, { date: wish.date, begins: hour * 60 + minute, ends: hour * 60 + minute + length, doctor_id: wish.doctor_id ?? shown.doctor_id });
  tell("redraw");
  byId("sheet").querySelector(`[data-visit="${id}"]`)?.classList.add("saving");
}

function sayMoved(moved, visit, before) {
  const words = say("movedTo", { name: visit.person, time: clockOf(moved.begins), doctor: moved.doctor?.name ?? "" });
  const undo = () => {
    now.remove();
    move({ ...visit, date: moved.date, begins: moved.begins, ends: moved.ends, doctor_id: moved.doctor?.id }, before, { isUndo: true });
  };
  const now = toast(words, "", button(say("undo"), undo, { key: "U", id: "undo" }));
}

export function undoLast() {
  byId("undo")?.click();
}
