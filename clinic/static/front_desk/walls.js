// Days and minutes of a wall clock, without any time zone of this machine.
import { label, say, setup } from "../desk/words.js";
import { now } from "../desk/times.js";
import { state } from "./state.js";

const DAY_MS = 86400000;
const asDate = (day) => new Date(`${day}T00:00:00Z`);
const asDay = (date) => date.toISOString().slice(0, 10);
const formats = new Map();

// Whether a text is a date of the calendar: 2026-02-29 is none.
export function isDay(text) {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? asDate(text) : null;
  return date !== null && !Number.isNaN(date.getTime()) && asDay(date) === text;
}

export const clockOf = (minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
export const plusDays = (day, days) => asDay(new Date(asDate(day).getTime() + days * DAY_MS));
export const mondayOf = (day) => plusDays(day, -((asDate(day).getUTCDay() + 6) % 7));
export const zone = () => state.book?.time_zone ?? setup.branches.find((one) => one.code === state.branch)?.time_zone ?? setup.zone;

function format(options) {
  const key = JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(setup.language, { timeZone: "UTC", ...options }));
  return formats.get(key);
}

export const longDay = (day) => format({ weekday: "long", year: "numeric", month: "long", day: "numeric" }).format(asDate(day));
export const shortDay = (day) => format({ weekday: "short", month: "numeric", day: "numeric" }).format(asDate(day));

// A moment on the wall clock of the place: its day and its minute.
export function wallOf(moment) {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone(), dateStyle: "short", timeStyle: "short", hour12: false }).formatToParts(new Date(moment));
  const of = (type) => parts.find((one) => one.type === type).value;
  return { day: `${of("year")}-${of("month")}-${of("day")}`, minute: (Number(of("hour")) % 24) * 60 + Number(of("minute")) };
}

export const today = () => wallOf(now()).day;
export const money = (fen) => `¥${(fen / 100).toFixed(2)}`;
export const aboutPerson = (person) => [label("gender", person.gender), person.age === null ? "" : say("age", { number: person.age })].filter(Boolean).join(" · ");
export const hoursOf = (minutes) => `${Math.round(minutes / 6) / 10}`;
