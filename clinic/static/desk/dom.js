// Makes elements. Whatever people wrote goes in as text, never as markup.

export const byId = (id) => document.getElementById(id);

// As good as crypto.randomUUID, which browsers keep to https.
export const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export function node(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) put(made, name, value);
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

function put(element, name, value) {
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "value" || name === "checked" || name === "selected") element[name] = value;
  else if (value === true) element.setAttribute(name, "");
  else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
}

export function icon(name, extra = "") {
  return node("span", { class: `icon ${extra}`.trim(), "aria-hidden": "true" }, name);
}

export function button(label, onclick, options = {}) {
  const { symbol, kind = "", title = "", key = "", ...rest } = options;
  const attributes = { type: "button", class: `button ${kind}`.trim(), onclick, ...rest };
  if (title || key) attributes.title = key ? `${title || label} (${key})` : title;
  if (symbol && !label) attributes["aria-label"] = title;
  return node("button", attributes, symbol ? icon(symbol) : "", label);
}

export function chip(text, kind = "", attributes = {}) {
  return node("span", { class: `chip ${kind}`.trim(), ...attributes }, text);
}

// Brings the children of a container in line with items, keeping elements whose key stays.
export function keyed(container, items, keyOf, make) {
  const old = new Map([...container.children].map((child) => [child.dataset.key, child]));
  let place = container.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    const drawn = JSON.stringify(item.signature ?? item);
    let child = old.get(key);
    old.delete(key);
    if (!child || child.drawn !== drawn) {
      const fresh = make(item);
      fresh.dataset.key = key;
      fresh.drawn = drawn;
      if (child) {
        const held = child.contains(document.activeElement);
        if (place === child) place = child.nextElementSibling;
        child.replaceWith(fresh);
        if (held) (fresh.matches("button, a") ? fresh : fresh.querySelector("button, a"))?.focus();
      }
      child = fresh;
    }
    if (child === place) place = place.nextElementSibling;
    else container.insertBefore(child, place);
  }
  for (const gone of old.values()) gone.remove();
}

// Splits a text at its addresses; an address becomes a link that shows itself and tells nobody.
export function linked(text) {
  const parts = [];
  let last = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"'，。！？；、（）【】]+/gu)) {
    parts.push(text.slice(last, match.index), link(match[0]));
    last = match.index + match[0].length;
  }
  parts.push(text.slice(last));
  return parts;
}

export function link(address, label = address) {
  const safe = safeAddress(address);
  if (!safe) return document.createTextNode(label);
  return node("a", { href: safe, target: "_blank", rel: "noopener noreferrer nofollow" }, label);
}

function safeAddress(address) {
  try {
    const url = new URL(address, location.origin);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : "";
  } catch {
    return "";
  }
}
