// Starts the front desk and keeps its book fresh.
import { byId, icon, node } from "../desk/dom.js";
import { clock, now } from "../desk/times.js";
import { fail, toast } from "../desk/toast.js";
import { say, setup } from "../desk/words.js";
import { openBooking } from "./booking.js";
import * as details from "./details.js";
import { showKeys } from "./dialogs.js";
import * as drag from "./drag.js";
import * as desk from "./endpoints.js";
import * as finding from "./finding.js";
import * as grid from "./grid.js";
import * as header from "./header.js";
import * as keys from "./keys.js";
import * as overview from "./overview.js";
import { on, recall, remember, state, tell } from "./state.js";
import { isDay, today } from "./walls.js";
import * as waiting from "./waiting.js";

const EVERY_MS = 10000;
let timer = 0;
let asked = 0;
let drawn = "";

state.mayWork = setup.mayWork;

async function open() {
  if (state.date && !isDay(state.date)) toToday();
  state.date ||= today();
  remember();
  await load({ isNew: true });
}

// A date that no calendar has or reaches is named, and today is shown.
function toToday() {
  toast(say("badDate", { date: state.date.slice(0, 20) }), "bad");
  state.date = today();
}

async function load({ isNew = false } = {}) {
  clearTimeout(timer);
  timer = setTimeout(load, EVERY_MS);
  const number = ++asked;
  const query = { branch: state.branch, date: header.firstDay(), days: state.view === "week" ? 7 : 1, doctor: state.doctor };
  try {
    const [book] = await Promise.all([desk.schedule(query), details.refresh(), waiting.refresh()]);
    if (number !== asked || state.busy) return;
    byId("updated").className = "muted";
    byId("updated").textContent = say("updated", { time: clock(now()) });
    show(book, isNew);
  } catch (error) {
    if (isNew && error.status === 400 && state.date !== today()) {
      toToday();
      return open();
    }
    byId("updated").className = "stale";
    byId("updated").textContent = say("stale");
    if (isNew) fail(error);
  }
}

function show(book, isNew) {
  const written = JSON.stringify(book);
  if (written === drawn && !isNew) return grid.drawNow();
  drawn = written;
  state.book = book;
  tell("book");
  redraw();
  if (isNew) grid.showHours();
}

function redraw() {
  if (!state.book || state.busy) return;
  if (state.book.doctors.length === 0) return byId("sheet").replaceChildren(nobody());
  const { scrollTop, scrollLeft } = byId("sheet");
  if (state.view === "week" && !state.doctor) overview.draw();
  else grid.draw();
  byId("sheet").scrollTo(scrollLeft, scrollTop);
  keys.settle();
}

const nobody = () => node("div", { class: "nothing" }, icon("event_busy"), node("p", {}, say("nobodyWorks")));

function start() {
  recall();
  header.start();
  for (const part of [details, drag, finding, keys, waiting]) part.start();
  on("open", open);
  on("redraw", redraw);
  on("refresh", load);
  on("moved", () => load());
  on("bookAt", openBooking);
  on("booked", (detail) => {
    load();
    tell("choose", detail.id);
  });
  byId("walk-in").addEventListener("click", () => openBooking());
  byId("walk-in").hidden = !state.mayWork;
  byId("keys").addEventListener("click", showKeys);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && load());
  open();
}

start();
