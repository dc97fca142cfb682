// The menu of macros: several steps in one click.
import * as actions from "./actions.js";
import { byId, node } from "./dom.js";
import { state } from "./store.js";
import { say } from "./words.js";

export function start() {
  byId("macros").addEventListener("click", toggle);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#macros, #macro-menu")) close();
  });
  byId("macro-menu").addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
    byId("macros").focus();
  });
}

function toggle() {
  const menu = byId("macro-menu");
  menu.hidden = !menu.hidden;
  byId("macros").setAttribute("aria-expanded", String(!menu.hidden));
  if (menu.hidden) return;
  menu.replaceChildren(...state.macros.map(choice));
  menu.firstElementChild?.focus();
}

function close() {
  byId("macro-menu").hidden = true;
  byId("macros").setAttribute("aria-expanded", "false");
}

function choice(macro) {
  const steps = [macro.says, macro.ends_chat ? say("macroEnds") : "", macro.transfer_to ? say("macroTransfers", { team: macro.transfer_to.name }) : ""];
  const pick = () => {
    close();
    actions.runMacro(macro);
  };
  return node("button", { type: "button", class: "choice", onclick: pick }, node("b", {}, macro.title), node("span", {}, steps.filter(Boolean).join(" · ")));
}
