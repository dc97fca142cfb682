// Branch, doctor, day or week, which date: what the book is opened at.
import { byId } from "../desk/dom.js";
import { say, setup } from "../desk/words.js";
import { options } from "./dialogs.js";
import { on, state, tell } from "./state.js";
import { longDay, mondayOf, plusDays, shortDay, today } from "./walls.js";

export function start() {
  byId("branch").replaceChildren(...options([...setup.branches.map((one) => [one.code, one.name]), ["", say("onlineVisits")]], state.branch));
  byId("branch").addEventListener("change", (event) => go({ branch: event.target.value, doctor: "" }));
  byId("doctor").addEventListener("change", (event) => go({ doctor: event.target.value }));
  byId("date").addEventListener("change", (event) => event.target.value && go({ date: event.target.value }));
  byId("view-day").addEventListener("click", () => go({ view: "day" }));
  byId("view-week").addEventListener("click", () => go({ view: "week" }));
  byId("earlier").addEventListener("click", () => step(-1));
  byId("later").addEventListener("click", () => step(1));
  byId("today").addEventListener("click", goToday);
  on("go", go);
  on("book", draw);
}

export function go(changes) {
  Object.assign(state, changes);
  tell("open");
}

export const step = (times) => go({ date: plusDays(state.date, times * (state.view === "week" ? 7 : 1)) });
export const goToday = () => go({ date: today() });
export const firstDay = () => (state.view === "week" ? mondayOf(state.date) : state.date);

function draw() {
  byId("date").value = state.date;
  byId("branch").value = state.branch;
  byId("view-day").setAttribute("aria-pressed", String(state.view === "day"));
  byId("view-week").setAttribute("aria-pressed", String(state.view === "week"));
  const chosen = state.doctor;
  const known = new Map(state.book.doctors.map((one) => [one.id, one.name]));
  for (const option of byId("doctor").options) if (option.value && !known.has(option.value)) known.set(option.value, option.textContent);
  if (state.branchOfDoctors !== state.branch) for (const id of [...known.keys()]) if (!state.book.doctors.some((one) => one.id === id)) known.delete(id);
  state.branchOfDoctors = state.branch;
  byId("doctor").replaceChildren(...options([["", say("allDoctors")], ...known], chosen));
  title();
}

function title() {
  const [first] = state.book.days;
  const last = state.book.days.at(-1);
  const words = state.view === "day" ? longDay(first.date) : `${shortDay(first.date)} – ${shortDay(last.date)}`;
  const special = state.view === "day" ? first.special.map((one) => one.name).filter(Boolean).join(", ") : "";
  byId("title").replaceChildren(words);
  byId("special").textContent = special;
  document.title = `${words} | ${say("frontDesk")}`;
}

