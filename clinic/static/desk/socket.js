// The one socket: commands with answers, reconnecting with backoff, close codes as documented.
import { setup } from "./words.js";
import { state, tell } from "./store.js";

const FIRST_MS = 500;
const LONGEST_MS = 30000;
const PATIENCE_MS = 10000;
const PING_MS = 20000;
const FINAL = new Set([1009, 4400, 4403]); // documented: do not reconnect

let link = null;
let tries = 0;
let timer = 0;
let lastHeard = 0;
let number = 0;
const asked = new Map(); // frame id -> {resolve, reject, timer}
const hearers = new Map(); // frame type -> function

export class SocketClosed extends Error {}
export class SocketRefusal extends Error {
  constructor(frame) {
    super(frame.msg);
    this.code = frame.code;
    this.retryAfter = frame.retry_after ?? 0;
  }
}

export const hear = (type, hearer) => hearers.set(type, hearer);
export const isOpen = () => state.link.state === "open";

export function connect() {
  clearTimeout(timer);
  setLink("connecting");
  link = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${setup.socket}`, ["clinic.v1"]);
  link.onmessage = (event) => receive(JSON.parse(event.data));
  link.onclose = (event) => lost(event.code);
}

export function say(frame) {
  if (link?.readyState === WebSocket.OPEN) link.send(JSON.stringify(frame));
}

// Sends a command and resolves with its answer; rejects with SocketRefusal or SocketClosed.
export function ask(frame) {
  return new Promise((resolve, reject) => {
    if (!isOpen()) return reject(new SocketClosed());
    const id = `d${++number}`;
    const give_up = setTimeout(() => {
      asked.delete(id);
      reject(new SocketClosed());
    }, PATIENCE_MS);
    asked.set(id, { resolve, reject, timer: give_up });
    say({ ...frame, id });
  });
}

function receive(frame) {
  lastHeard = Date.now();
  const waiter = frame.id !== undefined && asked.get(frame.id);
  if (waiter) {
    clearTimeout(waiter.timer);
    asked.delete(frame.id);
    if (frame.t === "err") waiter.reject(new SocketRefusal(frame));
    else waiter.resolve(frame);
    if (frame.t !== "sync") return;
  }
  if (frame.t === "ping") say({ t: "pong" });
  if (frame.t === "welcome") {
    tries = 0;
    setLink("open");
  }
  hearers.get(frame.t)?.(frame);
}

function lost(code) {
  for (const waiter of asked.values()) {
    clearTimeout(waiter.timer);
    waiter.reject(new SocketClosed());
  }
  asked.clear();
  if (code === 4401 && tries > 0) return setLink("loggedOut");
  if (FINAL.has(code)) return setLink("refused");
  const wait = code === 4429 ? 10000 : fullJitter();
  tries += 1;
  state.link = { state: "waiting", retryAt: Date.now() + wait };
  tell("link");
  timer = setTimeout(connect, wait);
}

function fullJitter() {
  return Math.max(100, Math.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** tries));
}

function setLink(name) {
  state.link = { state: name, retryAt: 0 };
  tell("link");
}

// A dead line shows no close for minutes: silence after a ping closes it.
setInterval(() => {
  if (!isOpen()) return;
  if (Date.now() - lastHeard > PING_MS + PATIENCE_MS) link.close();
  else if (Date.now() - lastHeard > PING_MS - 1000) say({ t: "ping", id: 0 });
}, 5000);

const retryNow = () => state.link.state === "waiting" && connect();
window.addEventListener("online", retryNow);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && retryNow());
export { retryNow };
