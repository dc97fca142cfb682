// What the server hands over with the page: words in the reader's language, addresses, limits.

export const setup = JSON.parse(document.getElementById("desk-setup").textContent);

export function say(key, values = {}) {
  const sentence = setup.words[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

// The words of a message in a list; what has none is named by its kind.
export function wordsOf(message) {
  return message ? message.body || label("kind", message.kind) || label("kind", "system") : "";
}

// A word of a family, for example the label of a state; an unknown member shows itself.
export function label(family, member) {
  return setup.labels[family]?.[member] ?? member ?? "";
}
