// What the page shows, and who wants to know when it changes.
import { setup } from "../desk/words.js";

export const state = {
  branch: "",
  doctor: "",
  view: "day",
  date: "",
  book: null,
  chosen: null, // id of the appointment whose details are open
  busy: false, // something is being dragged: nothing is redrawn
  side: "", // "", "detail", "found" or "waiting"
};

const hearers = new Map();
export const on = (name, hearer) => hearers.set(name, [...(hearers.get(name) ?? []), hearer]);
export const tell = (name, ...values) => (hearers.get(name) ?? []).forEach((hearer) => hearer(...values));

const KEPT = "front-desk";

export function remember() {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ branch: state.branch, view: state.view }));
  } catch {
    // A browser that keeps nothing still works.
  }
  const query = new URLSearchParams({ branch: state.branch, date: state.date, view: state.view });
  if (state.doctor) query.set("doctor", state.doctor);
  history.replaceState(null, "", `?${query}`);
}

export function recall() {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    // Unreadable is the same as nothing.
  }
  const asked = new URLSearchParams(location.search);
  const branch = asked.get("branch") ?? kept.branch ?? setup.branches[0]?.code ?? "";
  state.branch = branch === "" || setup.branches.some((one) => one.code === branch) ? branch : (setup.branches[0]?.code ?? "");
  state.view = (asked.get("view") ?? kept.view) === "week" ? "week" : "day";
  state.doctor = asked.get("doctor") ?? "";
  state.date = asked.get("date") ?? "";
}

export const doctorOf = (id) => state.book?.doctors.find((one) => one.id === id);
export const visitOf = (id) => state.book?.visits.find((one) => one.id === id);
