// Carrying visits with the pointer, and the empty places that a click books.
import { byId, node } from "../desk/dom.js";
import { FINE, minutePixels, SNAP } from "./geometry.js";
import { isMovable, placed, sheet } from "./grid.js";
import * as moving from "./moving.js";
import { state, tell, visitOf } from "./state.js";
import { clockOf } from "./walls.js";

const FAR_ENOUGH = 4; // pixels before a press becomes a drag
const EDGE = 40; // pixels from the edge at which the sheet scrolls along
let press = null; // {visit, element, x, y, grip}
let wasDragged = false;
let hint = null;
let last = null;

export function start() {
  const area = byId("sheet");
  area.addEventListener("pointerdown", pressed);
  area.addEventListener("pointermove", hover);
  area.addEventListener("pointerleave", () => hint?.remove());
  area.addEventListener("click", clicked);
  window.addEventListener("pointermove", moved);
  window.addEventListener("pointerup", released);
  window.addEventListener("pointercancel", cancel);
}

const minuteAt = (lane, y, step) => {
  const inside = (y - lane.getBoundingClientRect().top) / minutePixels();
  return Math.floor(inside / step) * step + sheet.first * 60;
};

function laneAt(x) {
  const at = sheet.lanes.findIndex((lane) => {
    const box = lane.getBoundingClientRect();
    return x >= box.left && x < box.right;
  });
  if (at >= 0 || sheet.lanes.length === 0) return at;
  return x < sheet.lanes[0].getBoundingClientRect().left ? 0 : sheet.lanes.length - 1;
}

function pressed(event) {
  wasDragged = false;
  const element = event.target.closest("[data-visit]");
  const visit = element && visitOf(element.dataset.visit);
  if (!visit || event.button !== 0 || !isMovable(visit) || !state.mayWork || moving.flight) return;
  press = { visit, element, x: event.clientX, y: event.clientY, grip: event.clientY - element.getBoundingClientRect().top };
}

function moved(event) {
  if (!press) return;
  if (!moving.flight) {
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) < FAR_ENOUGH) return;
    moving.lift(press.visit, press.element);
    hint?.remove();
    wasDragged = true;
    requestAnimationFrame(scrollAlong);
  }
  event.preventDefault();
  last = event;
  follow();
}

function follow() {
  const column = laneAt(last.clientX);
  if (column < 0) return;
  const step = last.shiftKey ? FINE : SNAP;
  const top = last.clientY - press.grip + minutePixels() * (step / 2);
  moving.carryTo(column, minuteAt(sheet.lanes[column], top, step));
}

function scrollAlong() {
  if (!press || !moving.flight || !last) return;
  const area = byId("sheet");
  const box = area.getBoundingClientRect();
  const by = (at, from, to) => (at < from + EDGE ? -12 : at > to - EDGE ? 12 : 0);
  const down = by(last.clientY, box.top + 40, box.bottom);
  const right = by(last.clientX, box.left + 40, box.right);
  if (down || right) {
    area.scrollBy(right, down);
    follow();
  }
  requestAnimationFrame(scrollAlong);
}

function released() {
  if (press && moving.flight) moving.drop();
  press = last = null;
}

export function cancel() {
  const wasCarried = moving.flight !== null;
  press = last = null;
  if (!wasCarried) return false;
  moving.putDown();
  tell("redraw");
  return true;
}

function clicked(event) {
  if (wasDragged) {
    wasDragged = false;
    return;
  }
  const element = event.target.closest("[data-visit]");
  if (element) {
    const visit = visitOf(element.dataset.visit);
    if (visit && visit.elsewhere === null) tell("choose", visit.id);
    return;
  }
  const lane = event.target.closest(".lane");
  if (lane && state.mayWork) tell("bookAt", placeOf(lane, event));
}

function placeOf(lane, event) {
  const column = sheet.columns[Number(lane.dataset.column)];
  return { doctor: column.doctor.id, date: column.day.date, time: clockOf(minuteAt(lane, event.clientY, SNAP)) };
}

function hover(event) {
  const lane = event.target.closest(".lane");
  if (!lane || press || !state.mayWork || event.pointerType === "touch" || event.target.closest("[data-visit]")) return hint?.remove();
  hint ??= node("div", { class: "hint" });
  if (hint.parentElement !== lane) lane.append(hint);
  const minute = minuteAt(lane, event.clientY, SNAP);
  hint.textContent = `+ ${clockOf(minute)}`;
  placed(hint, minute);
}
