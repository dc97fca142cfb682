// Draws the book: doctors beside each other, or the days of one doctor.
import { byId, icon, node } from "../desk/dom.js";
import { now } from "../desk/times.js";
import { label, say } from "../desk/words.js";
import { arranged, columns, minutePixels, SHORTEST, shownHours, visitsIn } from "./geometry.js";
import { state, tell } from "./state.js";
import { clockOf, hoursOf, shortDay, today, wallOf } from "./walls.js";

export const sheet = { first: 0, last: 24, columns: [], lanes: [] };

export const isMovable = (visit) => (visit.state === "pending" || visit.state === "confirmed") && visit.elsewhere === null;

export function draw() {
  const held = document.activeElement?.dataset?.visit;
  sheet.columns = columns();
  [sheet.first, sheet.last] = shownHours(sheet.columns);
  const grid = node("div", { class: "grid" });
  grid.style.setProperty("--columns", sheet.columns.length);
  grid.append(node("div", { class: "corner" }), ...sheet.columns.map(head));
  sheet.lanes = sheet.columns.map(lane);
  grid.append(hours(), ...sheet.lanes);
  byId("sheet").replaceChildren(grid);
  drawNow();
  if (held) byId("sheet").querySelector(`[data-visit="${held}"]`)?.focus();
}

function head(column) {
  const { lane } = column;
  const share = lane.open_minutes ? Math.min(1, lane.booked_minutes / lane.open_minutes) : 0;
  const fill = node("i", {});
  fill.style.width = `${Math.round(share * 100)}%`;
  const title = state.view === "day" ? headButton(column.doctor.name, () => tell("go", { view: "week", doctor: column.doctor.id })) : headButton(shortDay(column.day.date), () => tell("go", { view: "day", date: column.day.date, doctor: "" }));
  const special = column.day.special.map((one) => one.name || label("special", one.kind)).join(", ");
  const about = state.view === "day" ? column.doctor.department : special;
  const load = lane.open_minutes ? [node("span", { class: `bar ${share >= 1 ? "full" : ""}` }, fill), say("hoursOf", { booked: hoursOf(lane.booked_minutes), open: hoursOf(lane.open_minutes) })] : [say("closed")];
  return node("div", { class: `lane-head ${column.day.date === today() && state.view === "week" ? "today" : ""}` }, title, node("small", {}, load), about ? node("small", {}, about) : null);
}

const headButton = (words, onclick) => node("button", { type: "button", onclick }, words);

function hours() {
  const made = node("div", { class: "hours" });
  made.style.height = `${(sheet.last - sheet.first) * 60 * minutePixels()}px`;
  for (let hour = sheet.first; hour < sheet.last; hour += 1) made.append(placed(node("span", {}, clockOf(hour * 60)), hour * 60));
  return made;
}

export function placed(element, begins, ends = null, least = 0) {
  const pixels = minutePixels();
  element.style.top = `${(begins - sheet.first * 60) * pixels}px`;
  if (ends !== null) element.style.height = `${Math.max(least, (ends - begins) * pixels)}px`;
  return element;
}

function lane(column, index) {
  const made = node("div", { class: `lane ${column.lane.open_minutes ? "" : "quiet"}`, "data-column": index, "data-key": column.key });
  for (const [begins, ends] of column.lane.hours) made.append(open(begins, ends));
  for (const [begins, ends] of column.lane.away) {
    const since = Math.max(begins, sheet.first * 60);
    const until = Math.min(ends, sheet.last * 60);
    if (since < until) made.append(placed(node("div", { class: "away" }, node("b", {}, say("leave"))), since, until));
  }
  for (const one of arranged(visitsIn(column))) made.append(card(one));
  return made;
}

function open(begins, ends) {
  const made = placed(node("div", { class: "open" }), begins, ends);
  // The lines are those of full hours, wherever the stretch begins.
  const shift = -(begins % 60) * minutePixels();
  made.style.backgroundPosition = `0 ${shift}px, 0 ${shift}px`;
  return made;
}

function card({ visit, left, width }) {
  const isElsewhere = visit.elsewhere !== null;
  const classes = ["visit", isElsewhere ? "elsewhere" : visit.state, isMovable(visit) ? "movable" : "", visit.id === state.chosen ? "chosen" : ""];
  const name = isElsewhere ? say("elsewhereAt", { place: visit.elsewhere || say("online") }) : visit.person;
  const made = node(
    "button",
    { type: "button", class: classes.filter(Boolean).join(" "), "data-visit": visit.id, tabindex: -1, "aria-label": spoken(visit, name), title: isElsewhere ? name : "" },
    node("span", { class: "line" }, node("time", {}, clockOf(visit.begins)), node("b", {}, name), mark(visit)),
    isElsewhere ? null : node("span", { class: "what" }, [visit.type, visit.requirements].filter(Boolean).join(" · ")),
  );
  placed(made, visit.begins, visit.ends, SHORTEST);
  made.style.left = `calc(${left * 100}% + 3px)`;
  made.style.width = `calc(${width * 100}% - 6px)`;
  return made;
}

function spoken(visit, name) {
  const told = [`${clockOf(visit.begins)}–${clockOf(visit.ends)}`, name, visit.type, label("state", visit.state)];
  if (visit.is_checked_in) told.push(say("checkedIn"));
  return told.join(", ");
}

const MARKS = { in_progress: "play_circle", completed: "check_circle", no_show: "person_off", held: "hourglass_top", offered: "hourglass_top", pending: "help" };

function mark(visit) {
  if (visit.elsewhere !== null) return null;
  const symbol = visit.is_checked_in && visit.state === "confirmed" ? "how_to_reg" : (MARKS[visit.state] ?? (visit.mode === "video" ? "videocam" : visit.mode === "phone" ? "call" : ""));
  return symbol ? icon(symbol) : null;
}

export function drawNow() {
  for (const line of document.querySelectorAll(".now-line")) line.remove();
  const { day, minute } = wallOf(now());
  sheet.columns.forEach((column, index) => {
    if (column.day.date === day && minute >= sheet.first * 60 && minute <= sheet.last * 60) sheet.lanes[index].append(placed(node("div", { class: "now-line" }), minute));
  });
}

// Brings the working hours of the day into view: what is now, or when the first doctor begins.
export function showHours() {
  const { day, minute } = wallOf(now());
  const isToday = sheet.columns.some((column) => column.day.date === day);
  const begins = Math.min(1440, ...sheet.columns.flatMap((column) => column.lane.hours.map(([start]) => start)));
  const wanted = isToday ? minute - 60 : begins - 30;
  byId("sheet").scrollTop = Math.max(0, (wanted - sheet.first * 60) * minutePixels());
}
