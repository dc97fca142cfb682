// The addresses of the desk, each once.
import { get, post, put, upload } from "./api.js";
import { newId } from "./dom.js";

const chat = (id, rest = "") => `desk/chats/${id}${rest}`;

export const me = () => get("desk/me");
export const setStatus = (status) => post("desk/status", { status });
export const counts = () => get("desk/counts");
export const chats = (query) => get("desk/chats", query);
export const chatOf = (id) => get(chat(id));
export const messages = (id, query) => get(chat(id, "/messages"), query);
export const context = (id) => get(chat(id, "/context"));
export const notes = (id) => get(chat(id, "/notes"));
export const addNote = (id, body, mentions) => post(chat(id, "/notes"), { body, mentions });
export const saveDraft = (id, mode, body) => put(chat(id, "/draft"), { mode, body });
export const saveTags = (id, tags) => put(chat(id, "/tags"), { tags });
export const view = (id, state) => post(chat(id, "/viewing"), { state });
export const take = (id) => post(chat(id, "/take"));
export const takeOver = (id) => post(chat(id, "/take-over"));
export const takeNext = () => post("desk/take-next");
export const transfer = (id, wish) => post(chat(id, "/transfer"), wish);
export const end = (id, reason) => post(chat(id, "/end"), { reason });
export const hold = (id, minutes) => post(chat(id, "/hold"), { minutes });
export const unhold = (id) => post(chat(id, "/unhold"));
export const runMacro = (id, macro) => post(chat(id, "/macro"), { macro, cid: newId() });
export const canned = (query) => get("desk/canned", query);
export const cannedUsed = (id) => post(`desk/canned/${id}/used`);
export const macros = () => get("desk/macros");
export const tags = () => get("desk/tags");
export const colleagues = () => get("desk/colleagues");
// A name must not stand in an address, so the question travels in the body.
export const search = (q, team) => post("desk/search", team ? { q, team } : { q });
export const leftMessages = () => get("desk/left-messages");
export const answerLeft = (id, body) => post(`desk/left-messages/${id}/answer`, { body });
export const dismissLeft = (id) => post(`desk/left-messages/${id}/dismiss`);
export const board = () => get("desk/board");
export const setAgentStatus = (id, status) => post(`desk/agents/${id}/status`, { status });

export const putFile = (form) => upload("files", form);
