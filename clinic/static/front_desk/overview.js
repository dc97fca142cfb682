// The week of a whole branch: how full each doctor's days are.
import { byId, node } from "../desk/dom.js";
import { say } from "../desk/words.js";
import { state, tell } from "./state.js";
import { longDay, shortDay, today } from "./walls.js";

const HOT = [0.001, 0.25, 0.5, 0.75, 0.95];

export function draw() {
  const { book } = state;
  const heads = book.days.map((day) => {
    const words = [shortDay(day.date), ...day.special.map((one) => one.name)].filter(Boolean).join(" · ");
    const go = () => tell("go", { view: "day", date: day.date, doctor: "" });
    return node("th", { scope: "col", class: day.date === today() ? "today" : "" }, node("button", { type: "button", onclick: go }, words));
  });
  const rows = book.doctors.map((doctor) => {
    const go = () => tell("go", { view: "week", doctor: doctor.id });
    return node("tr", {}, node("th", { scope: "row" }, node("button", { type: "button", onclick: go }, doctor.name), node("div", {}, node("small", { class: "muted" }, doctor.department))), doctor.days.map((lane, index) => node("td", {}, cell(doctor, lane, book.days[index]))));
  });
  byId("sheet").replaceChildren(node("table", { class: "overview" }, node("thead", {}, node("tr", {}, node("th", { scope: "col" }, say("doctor")), heads)), node("tbody", {}, rows)));
}

function cell(doctor, lane, day) {
  const visits = state.book.visits.filter((one) => one.doctor_id === doctor.id && one.date === day.date && one.elsewhere === null);
  const share = lane.open_minutes ? lane.booked_minutes / lane.open_minutes : 0;
  const heat = HOT.filter((edge) => share >= edge).length;
  const isClosed = !lane.open_minutes && visits.length === 0;
  const words = isClosed ? [node("small", {}, lane.away.length ? say("leave") : say("closed"))] : [node("b", {}, say("visits", { number: visits.length })), node("small", {}, [`${Math.round(share * 100)}%`, lane.away.length ? say("leave") : ""].filter(Boolean).join(" · "))];
  const go = () => tell("go", { view: "day", date: day.date, doctor: "" });
  const spoken = [doctor.name, longDay(day.date), isClosed ? say("closed") : say("visits", { number: visits.length }), isClosed ? "" : `${Math.round(share * 100)}%`];
  return node("button", { type: "button", class: `cell ${isClosed ? "closed" : `heat-${heat}`}`, "aria-label": spoken.filter(Boolean).join(", "), onclick: go }, words);
}
