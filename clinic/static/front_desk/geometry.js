// Which hours the page shows, where minutes lie on it, how visits share a column.
import { state } from "./state.js";

export const SNAP = 15;
export const FINE = 5;
export const SHORTEST = 17; // pixels: less cannot be read
const DEFAULT_HOURS = [8, 18];

// The columns of the page: doctors of a day, or days of a doctor.
export function columns() {
  const { book } = state;
  if (state.view === "day") {
    return book.doctors.map((doctor) => ({ key: doctor.id, doctor, day: book.days[0], lane: doctor.days[0] }));
  }
  const doctor = book.doctors.find((one) => one.id === state.doctor) ?? book.doctors[0];
  return doctor ? book.days.map((day, index) => ({ key: day.date, doctor, day, lane: doctor.days[index] })) : [];
}

export const visitsIn = (column) => state.book.visits.filter((one) => one.doctor_id === column.doctor.id && one.date === column.day.date);

export function shownHours(all) {
  const edges = all.flatMap((column) => [...column.lane.hours, ...visitsIn(column).map((one) => [one.begins, one.ends])]).flat();
  const first = edges.length ? Math.min(...edges) : DEFAULT_HOURS[0] * 60;
  const last = edges.length ? Math.max(...edges) : DEFAULT_HOURS[1] * 60;
  return [Math.max(0, Math.floor(first / 60) - 1), Math.min(24, Math.ceil(last / 60) + 1)];
}

// Gives each visit of a column its share of the width: those that overlap stand beside each other.
export function arranged(visits) {
  const placed = [];
  let cluster = [];
  let until = -1;
  const close = () => {
    const width = Math.max(1, ...cluster.map((one) => one.place + 1));
    for (const one of cluster) placed.push({ visit: one.visit, left: one.place / width, width: 1 / width });
    cluster = [];
  };
  for (const visit of [...visits].sort((one, other) => one.begins - other.begins || one.id.localeCompare(other.id))) {
    if (visit.begins >= until) close();
    const taken = new Set(cluster.filter((one) => one.visit.ends > visit.begins).map((one) => one.place));
    let place = 0;
    while (taken.has(place)) place += 1;
    cluster.push({ visit, place });
    until = Math.max(until, visit.ends);
  }
  close();
  return placed;
}

export const minutePixels = () => Number.parseFloat(getComputedStyle(document.body).getPropertyValue("--minute")) || 1.2;
