// The bar on top: my status, my load, take next, sound, connection.
import * as actions from "./actions.js";
import * as alerts from "./alerts.js";
import { button, byId, icon, node } from "./dom.js";
import * as socket from "./socket.js";
import { on, state } from "./store.js";
import { label, say } from "./words.js";

const STATUSES = ["online", "busy", "offline"];

export function start() {
  byId("status").append(...STATUSES.map((name) => node("button", { type: "button", "data-status": name, onclick: () => actions.setStatus(name) }, node("i", { class: `dot ${name}` }), label("status", name))));
  byId("take-next").addEventListener("click", actions.takeNext);
  byId("sound").addEventListener("click", alerts.toggleSound);
  byId("notices").addEventListener("click", alerts.askForNotices);
  on("me counts", draw);
  on("link catching", drawLink);
  setInterval(drawLink, 1000);
}

function draw() {
  if (!state.me) return;
  const { status, load, max } = state.me;
  for (const one of byId("status").children) one.setAttribute("aria-pressed", String(one.dataset.status === status));
  byId("load").textContent = say("load", { load, max });
  byId("load").parentElement.classList.toggle("full", load >= max);
  byId("load-bar").style.width = `${Math.min(100, (100 * load) / Math.max(1, max))}%`;
  drawTakeNext(status === "offline" ? say("onlineToTake") : load >= max ? say("fullToTake") : "");
  byId("board-link").hidden = !state.me.is_supervisor;
}

// A greyed button says why.
function drawTakeNext(reason) {
  const next = byId("take-next");
  next.disabled = Boolean(reason);
  next.title = reason || `${say("takeNext")} (A)`;
  byId("take-next-why").textContent = reason;
}

function drawLink() {
  const { state: name, retryAt } = state.link;
  const banner = byId("banner");
  const isFine = name === "open" && !state.catchingUp;
  banner.hidden = isFine || (name === "connecting" && !state.wasOpen);
  if (banner.hidden) return void banner.replaceChildren();
  const kind = name === "open" || name === "connecting" ? "calm" : "alarm";
  const text = sentence(name, retryAt);
  if (banner.dataset.text === text && banner.childElementCount) return;
  banner.dataset.text = text;
  banner.className = `banner ${kind}`;
  const retry = name === "waiting" ? button(say("tryNow"), socket.retryNow, { kind: "small" }) : null;
  const reload = name === "loggedOut" || name === "refused" ? button(say("reload"), () => location.reload(), { kind: "small" }) : null;
  banner.replaceChildren(icon(kind === "calm" ? "sync" : "cloud_off"), node("span", {}, text), ...[retry, reload].filter(Boolean));
}

function sentence(name, retryAt) {
  if (name === "waiting") return say("linkLost", { seconds: Math.max(0, Math.ceil((retryAt - Date.now()) / 1000)) });
  if (name === "loggedOut") return say("loggedOut");
  if (name === "refused") return say("linkRefused");
  if (name === "connecting") return say("linkConnecting");
  return say("catchingUp");
}
