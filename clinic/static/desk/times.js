// Moments in words. The server's clock counts: a wrong clock of the machine does no harm.
import { say, setup } from "./words.js";

let ahead = 0; // how far this machine's clock is ahead of the server's
const zone = { timeZone: setup.zone };
const clockFormat = new Intl.DateTimeFormat(setup.language, { hour: "2-digit", minute: "2-digit", hour12: false, ...zone });
const dayFormat = new Intl.DateTimeFormat(setup.language, { month: "short", day: "numeric", weekday: "short", ...zone });
const yearFormat = new Intl.DateTimeFormat(setup.language, { dateStyle: "medium", ...zone });
const keyFormat = new Intl.DateTimeFormat("en-CA", { dateStyle: "short", ...zone });

export function setServerTime(moment) {
  ahead = Date.now() - Date.parse(moment);
}

export const now = () => Date.now() - ahead;
export const secondsSince = (moment) => Math.max(0, Math.floor((now() - Date.parse(moment)) / 1000));
export const secondsUntil = (moment) => Math.ceil((Date.parse(moment) - now()) / 1000);
export const dayKey = (moment) => keyFormat.format(new Date(moment));
export const clock = (moment) => clockFormat.format(new Date(moment));

export function day(moment) {
  const key = dayKey(moment);
  if (key === dayKey(now())) return say("today");
  if (key === dayKey(now() - 86400000)) return say("yesterday");
  return key.slice(0, 4) === dayKey(now()).slice(0, 4) ? dayFormat.format(new Date(moment)) : yearFormat.format(new Date(moment));
}

// Short: the time of today, else the day.
export function brief(moment) {
  return dayKey(moment) === dayKey(now()) ? clock(moment) : day(moment);
}

export function span(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  if (hours >= 48) return say("days", { number: Math.floor(hours / 24) });
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

// Elements that count: {element, since} go up and turn amber and red, {element, until} go down.
export function tick() {
  for (const element of document.querySelectorAll("[data-since]")) {
    const seconds = secondsSince(element.dataset.since);
    write(element, span(seconds));
    element.classList.toggle("amber", seconds >= setup.rules.amberSeconds && seconds < setup.rules.redSeconds);
    element.classList.toggle("red", seconds >= setup.rules.redSeconds);
  }
  for (const element of document.querySelectorAll("[data-until]")) {
    const seconds = secondsUntil(element.dataset.until);
    write(element, (element.dataset.prefix ?? "") + (seconds > 0 ? span(seconds) : say("overdue")));
    element.classList.toggle("red", seconds <= 0);
    element.classList.toggle("amber", seconds > 0 && seconds <= setup.rules.amberSeconds / 2);
  }
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
