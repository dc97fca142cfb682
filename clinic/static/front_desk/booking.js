// The walk-in desk: who, what, with whom, when, and the money.
import { button, node } from "../desk/dom.js";
import { toast } from "../desk/toast.js";
import { say, setup } from "../desk/words.js";
import { askMoney, field, open, options, show, trouble } from "./dialogs.js";
import * as desk from "./endpoints.js";
import { sentenceOf } from "./refusals.js";
import { state, tell } from "./state.js";
import { aboutPerson, clockOf, money, shortDay, today, wallOf } from "./walls.js";

const NOW = "now";

// ``at`` is a place in the book that was clicked: {doctor, date, time}.
export function openBooking(at = null) {
  const form = { phone: "", person: null, time: at ? { date: at.date, time: at.time, doctor_id: at.doctor } : NOW, isChosen: Boolean(at), outside: null };
  const parts = make(form, at);
  const done = () => book(form, parts, close);
  const title = at ? say("bookTitle") : say("walkInTitle");
  const close = open(title, [who(form, parts), what(parts), when(form, parts), parts.problem], [button(say("letWait"), () => wait(form, parts, close), { symbol: "hourglass_top", id: "wait-go" }), button(say("book"), done, { kind: "primary", id: "book-go" })], { isBroad: true });
  refreshTimes(form, parts);
}

function make(form, at) {
  const here = setup.types.filter((one) => (state.branch ? one.mode === "clinic" && (one.branches.length === 0 || one.branches.includes(state.branch)) : one.mode !== "clinic"));
  const type = node("select", { id: "book-type", onchange: () => refreshTimes(form, parts) }, options(here.map((one) => [one.code, `${one.name} · ${say("minutesLong", { number: one.minutes })} · ${one.price_fen ? money(one.price_fen) : say("free")}`])));
  const doctors = [["", say("anyDoctor")], ...(state.book?.doctors ?? []).map((one) => [one.id, one.name])];
  const doctor = node("select", { id: "book-doctor", onchange: () => refreshTimes(form, parts) }, options(doctors, at?.doctor ?? state.doctor));
  const parts = {
    at,
    type,
    doctor,
    phone: node("input", { type: "tel", id: "book-phone", inputmode: "tel", autocomplete: "off", maxlength: 20, autofocus: true, placeholder: say("wholePhone") }),
    people: node("div", { class: "people", id: "book-people", role: "group", "aria-label": say("patient") }),
    from: node("input", { type: "date", id: "book-from", value: at?.date ?? today(), onchange: () => refreshTimes(form, parts) }),
    times: node("div", { class: "times", id: "book-times", role: "group", "aria-label": say("when") }),
    wishes: node("input", { type: "text", maxlength: 500, id: "book-wishes", autocomplete: "off" }),
    problem: trouble(),
  };
  return parts;
}

function who(form, parts) {
  const find = () => findCaller(form, parts);
  parts.phone.addEventListener("change", find);
  parts.phone.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    find();
  });
  return node("div", {}, field(say("phone"), parts.phone), parts.people);
}

async function findCaller(form, parts) {
  const phone = parts.phone.value.trim();
  if (phone === form.phone) return;
  form.phone = phone;
  form.person = null;
  show(parts.problem, "");
  if (!phone) return parts.people.replaceChildren();
  try {
    const caller = await desk.caller(phone);
    if (form.phone !== phone) return;
    drawPeople(form, parts, caller.persons);
    if (caller.persons.length === 1) choosePerson(form, parts, caller.persons[0]);
    if (caller.persons.length === 0) drawNewcomer(form, parts);
  } catch (error) {
    form.phone = "";
    show(parts.problem, sentenceOf(error));
  }
}

function drawPeople(form, parts, persons) {
  const choices = persons.map((one) => node("button", { type: "button", class: "person-choice", "aria-pressed": "false", "data-person": one.id, onclick: () => choosePerson(form, parts, one) }, node("b", {}, one.name), node("small", { class: "muted" }, aboutPerson(one))));
  parts.people.replaceChildren(...choices, button(say("newPerson"), () => drawNewcomer(form, parts), { symbol: "person_add", kind: "small", id: "new-person" }));
}

function choosePerson(form, parts, person) {
  form.person = person;
  for (const one of parts.people.querySelectorAll("[data-person]")) one.setAttribute("aria-pressed", String(one.dataset.person === person.id));
}

function drawNewcomer(form, parts) {
  form.person = null;
  const name = node("input", { type: "text", maxlength: 60, id: "new-name", autocomplete: "off" });
  const gender = node("select", { id: "new-gender" }, options(Object.entries(setup.labels.gender)));
  const birthday = node("input", { type: "date", id: "new-birthday", min: "1900-01-01" });
  parts.people.replaceChildren(node("p", { class: "muted" }, say("newcomerAbout")), field(say("name"), name), node("div", { class: "pair" }, field(say("genderWord"), gender), field(say("birthday"), birthday)));
  form.newcomer = () => ({ phone: form.phone, name: name.value.trim(), gender: gender.value, birthday: birthday.value });
  name.focus();
}

function what(parts) {
  return node("div", { class: "part" }, node("div", { class: "three" }, field(say("type"), parts.type), field(say("doctor"), parts.doctor), field(say("fromDate"), parts.from)));
}

function when(form, parts) {
  return node("div", { class: "part" }, node("h3", {}, say("when")), parts.times, field(say("wishes"), parts.wishes));
}

async function refreshTimes(form, parts) {
  drawTimes(form, parts, []);
  if (!parts.type.value) return show(parts.problem, say("noTypes"));
  const asked = { type: parts.type.value, branch: state.branch, doctor: parts.doctor.value, date: parts.from.value };
  const found = await desk.freeTimes(asked).catch(() => ({ results: [], works_now: true }));
  parts.found = found.results;
  if (!form.isChosen) form.time = found.works_now ? NOW : (parts.found[0] ?? NOW);
  drawTimes(form, parts, parts.found);
}

function drawTimes(form, parts, times) {
  const clicked = parts.at ? [{ date: parts.at.date, time: parts.at.time, doctor_id: parts.at.doctor, doctor: doctorName(parts.at.doctor) }] : [];
  const all = [...clicked, ...times.filter((one) => !clicked.some((other) => isSame(one, other)))];
  parts.times.replaceChildren(timeButton(form, parts, NOW, say("nowWord"), say("firstFree")), ...all.map((one) => timeButton(form, parts, one, one.time, [shortDay(one.date), one.doctor].filter(Boolean).join(" · "))));
}

const doctorName = (id) => state.book?.doctors.find((one) => one.id === id)?.name ?? "";
const isSame = (one, other) => one === other || (one !== NOW && other !== NOW && one.date === other.date && one.time === other.time && one.doctor_id === other.doctor_id);

function timeButton(form, parts, time, words, about) {
  const pick = () => {
    form.time = time;
    form.isChosen = true;
    form.outside = null;
    for (const one of parts.times.children) one.setAttribute("aria-pressed", String(one === made));
  };
  const made = node("button", { type: "button", class: "time-choice", "aria-pressed": String(isSame(form.time, time)), "data-time": time === NOW ? NOW : `${time.date} ${time.time}`, onclick: pick }, node("b", {}, words), node("small", {}, about));
  return made;
}

const book = (form, parts, close) => ask(form, parts, async () => {
  const booked = await desk.book(wishOf(form, parts));
  close();
  settled(booked);
});

// For what becomes free on the date in the form; while something is free it is offered instead.
const wait = (form, parts, close) => ask(form, parts, async () => {
  const { type, branch, person_id, requirements } = wishOf(form, parts);
  const date = parts.from.value || today();
  const waiting = await desk.wait({ type, branch, person_id, requirements, date, doctor_id: parts.doctor.value || null, is_walk_in: !parts.at });
  close();
  tell("changed", waiting);
  tell("choose", waiting.id);
  toast(say("waits", { name: waiting.person.name, day: shortDay(date), code: waiting.code }));
});

async function ask(form, parts, act) {
  show(parts.problem, "");
  try {
    if (!form.person && form.newcomer) form.person = await desk.addPerson(form.newcomer());
    if (!form.person) return show(parts.problem, say("whoFirst"));
    await act();
  } catch (error) {
    show(parts.problem, sentenceOf(error));
    offerOthers(form, parts, error);
  }
}

function wishOf(form, parts) {
  const wish = { type: parts.type.value, branch: state.branch, person_id: form.person.id, requirements: parts.wishes.value.trim(), is_walk_in: form.time === NOW, outside_hours: form.outside };
  if (form.time === NOW) return { ...wish, doctor_id: parts.doctor.value || null };
  return { ...wish, date: form.time.date, time: form.time.time, doctor_id: form.time.doctor_id };
}

// A taken time is answered with the nearest free ones, one outside of the hours with a reason.
function offerOthers(form, parts, error) {
  const nearest = error.document?.nearest ?? [];
  if (nearest.length) {
    const times = nearest.map((one) => ({ one, wall: wallOf(one.starts_at) }));
    const offered = times.map(({ one, wall }) => ({ date: wall.day, time: clockOf(wall.minute), doctor_id: one.doctor_id, doctor: doctorName(one.doctor_id) }));
    const rest = (parts.found ?? []).filter((one) => !offered.some((other) => isSame(one, other)));
    drawTimes(form, parts, [...offered, ...rest]);
  }
  if (error.code !== "outside_hours") return;
  const reason = node("select", { id: "outside-reason", onchange: () => (form.outside = reason.value) }, options([["", say("outsideChoose")], ...Object.entries(setup.labels.outside)]));
  parts.problem.append(field(say("outsideTitle"), reason));
}

function settled(booked) {
  tell("booked", booked);
  if (booked.state === "held") askMoney(booked);
  else toast(say("booked", { name: booked.person.name, time: clockOf(booked.begins), code: booked.code }));
}
