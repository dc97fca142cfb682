// The addresses of the front desk, each once.
import { get, post } from "../desk/api.js";
import { newId } from "../desk/dom.js";

const one = (id, rest = "") => `front-desk/appointments/${id}${rest}`;
const act = (path, body) => post(path, body, newId());

export const schedule = (query) => get("front-desk/schedule", query);
export const detail = (id) => get(one(id));
export const freeTimes = (query) => get("front-desk/free-times", query);
export const waiting = (query) => get("front-desk/waiting", query);
export const wait = (wish) => act("front-desk/waiting", wish);
// A name or a phone must not stand in an address, so questions travel in the body.
export const search = (q) => post("front-desk/search", { q });
export const caller = (phone) => post("front-desk/callers", { phone });
export const addPerson = (told) => act("front-desk/persons", told);
export const book = (wish) => act("front-desk/appointments", wish);
export const move = (id, wish) => act(one(id, "/move"), wish);
export const cancel = (id, reason) => act(one(id, "/cancel"), { reason });
export const step = (id, verb) => act(one(id, `/${verb}`), {});
export const pay = (id, money) => act(one(id, "/pay"), money);
export const setPriority = (id, priority) => act(one(id, "/priority"), { priority });
