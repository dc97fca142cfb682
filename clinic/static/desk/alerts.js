// Sounds, the badge in the title, notices of the desktop.
import { byId } from "./dom.js";
import { on } from "./store.js";
import * as rows from "./rows.js";
import { say } from "./words.js";

const TONES = { message: [660, 0.12], assigned: [880, 0.18], alarm: [440, 0.35] };
const title = document.title;
let audio = null;
let isMuted = localStorage.getItem("desk.muted") === "1";

export function start() {
  on("rows me", drawTitle);
  drawSound();
  drawNotices();
  // A browser lets sound begin only after the person did something.
  for (const deed of ["pointerdown", "keydown"]) document.addEventListener(deed, wake, { once: true });
}

function wake() {
  audio ??= new AudioContext();
  audio.resume();
}

export function beep(kind) {
  if (isMuted || !audio || audio.state !== "running") return;
  const [pitch, seconds] = TONES[kind];
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.15, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + seconds);
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + seconds);
}

export function toggleSound() {
  isMuted = !isMuted;
  localStorage.setItem("desk.muted", isMuted ? "1" : "0");
  drawSound();
  beep("message");
}

function drawSound() {
  const words = isMuted ? say("soundOff") : say("soundOn");
  byId("sound").setAttribute("aria-pressed", String(!isMuted));
  byId("sound").setAttribute("aria-label", words);
  byId("sound").title = words;
  byId("sound").firstElementChild.textContent = isMuted ? "volume_off" : "volume_up";
}

export async function askForNotices() {
  await Notification.requestPermission();
  drawNotices();
}

function drawNotices() {
  byId("notices").hidden = !("Notification" in window) || Notification.permission !== "default";
}

function drawTitle() {
  const unread = rows.unreadOfMine();
  document.title = unread ? `(${unread}) ${title}` : title;
}

// What the desktop shows names nobody: words about health do not belong on a locked screen.
export function notice(kind, tag) {
  announce(say(`notice_${kind}`));
  if (document.hasFocus() || !("Notification" in window) || Notification.permission !== "granted") return;
  const shown = new Notification(say(`notice_${kind}`), { tag, renotify: true });
  shown.onclick = () => window.focus();
}

// For those who hear the page.
export function announce(text) {
  byId("announcer").textContent = text;
}
