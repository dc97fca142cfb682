// What a refused time can become: one of the nearest free ones, or a time beyond the hours.
import { button, node } from "../desk/dom.js";
import { say, setup } from "../desk/words.js";
import { field, open, options } from "./dialogs.js";
import { doctorOf } from "./state.js";
import { clockOf, shortDay, wallOf } from "./walls.js";

export const sentenceOf = (error) => error.document?.errors?.[0]?.detail || error.message;

// ``again`` does the same with {date, time, doctor_id} or {outside_hours} changed.
export function askRefused(error, { again }) {
  const nearest = error.document?.nearest ?? [];
  const take = (changes) => () => {
    close();
    again(changes);
  };
  const reason = node("select", { id: "outside-reason" }, options(Object.entries(setup.labels.outside)));
  const close = open(
    say("notPossible"),
    [
      node("p", { id: "refusal" }, sentenceOf(error)),
      nearest.length ? node("div", { class: "part" }, node("h3", {}, say("nearest")), node("div", { class: "times" }, nearest.map((one) => timeChoice(one, take)))) : null,
      error.code === "outside_hours" ? node("div", { class: "part" }, node("h3", {}, say("outsideTitle")), field(say("reason"), reason)) : null,
    ],
    error.code === "outside_hours" ? button(say("outsideAnyway"), () => take({ outside_hours: reason.value })(), { kind: "primary", id: "outside-go" }) : [],
  );
}

function timeChoice(one, take) {
  const { day, minute } = wallOf(one.starts_at);
  const changes = { date: day, time: clockOf(minute), doctor_id: one.doctor_id, outside_hours: null };
  return node("button", { type: "button", class: "time-choice", onclick: take(changes) }, node("b", {}, clockOf(minute)), node("small", {}, [shortDay(day), doctorOf(one.doctor_id)?.name].filter(Boolean).join(" · ")));
}
