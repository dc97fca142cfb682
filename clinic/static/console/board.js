// Draws the assignment board and keeps it fresh. All text comes translated from the server.
"use strict";
(() => {
  const setup = JSON.parse(document.getElementById("board-setup").textContent);
  const words = setup.words;
  const EVERY_MS = 5000;
  const byId = (id) => document.getElementById(id);
  let shown = setup.state;
  let drawnAt = Date.now();

  function node(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "onclick" || name === "onchange") made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false) made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }

  function clock(seconds) {
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
    return hours ? `${hours}:${rest}` : rest;
  }

  function tell(text, isBad) {
    byId("board-told").textContent = text;
    byId("board-told").className = isBad ? "stale" : "";
  }

  async function send(address, wish) {
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value,
        },
        body: JSON.stringify(wish),
      });
      const told = await answer.json();
      tell(told.text, !told.ok);
      if (told.state) draw(told.state);
      else refresh();
    } catch {
      tell(words.failed, true);
    }
  }

  const assign = (consultation, doctor) => send(setup.assignUrl, { consultation, doctor });

  // Asks why before a named doctor gets the case.
  function askWhy(row, doctorId) {
    const doctor = shown.doctors.find((one) => one.id === doctorId);
    if (!doctor) return;
    const beyond = !doctor.room;
    const dialog = byId("board-why");
    byId("board-why-title").textContent = `${beyond ? words.whyBeyond : words.why} ${doctor.name} (${doctor.load}/${doctor.limit})`;
    const reason = byId("board-why-reason");
    reason.value = "";
    dialog.onclose = () => {
      if (dialog.returnValue === "yes") {
        send(setup.assignUrl, { consultation: row.id, doctor: doctorId, reason: reason.value, beyond });
      } else refresh();
    };
    dialog.returnValue = "";
    dialog.showModal();
  }

  function hands(row) {
    if (row.inHand && !row.isMine) return "";
    const takes = !row.isMine;
    return node(
      "button",
      { type: "button", class: "console-button small", onclick: () => send(setup.handsUrl, { consultation: row.id, takes }) },
      takes ? words.take : words.letGo,
    );
  }

  function buttons(row) {
    const choice = node(
      "select",
      { "aria-label": `${words.toDoctor} ${row.short}`, onchange: (event) => askWhy(row, event.target.value) },
      node("option", { value: "" }, words.toDoctor),
      ...shown.doctors.map((doctor) =>
        node("option", { value: doctor.id }, `${doctor.name} (${doctor.load}/${doctor.limit}) ${doctor.room ? doctor.presenceText : words.full}`),
      ),
    );
    const now = node("button", { type: "button", class: "console-button small primary", onclick: () => assign(row.id, null) }, words.assign);
    return node("div", { class: "doing" }, now, choice, hands(row));
  }

  function waitingRow(row) {
    const extra = [
      row.instant ? words.instant : "",
      row.tries ? `${row.tries} ${words.tries}` : "",
      row.rounds ? `${row.rounds} ${words.rounds}` : "",
    ].filter(Boolean);
    const hand = row.inHand ? node("div", { class: "console-figure-note" }, `${words.inHand} ${row.inHand}`) : "";
    return node(
      "tr",
      { class: `level-${row.level}`, "data-id": row.id },
      node("td", { class: "wait", "data-waited": row.waited }, clock(row.waited)),
      node("td", {}, row.patient, node("div", {}, node("a", { href: row.link, class: "text-primary-600" }, `…${row.short}`)), hand),
      node("td", {}, row.department),
      node("td", {}, row.wish, row.warns ? node("strong", { class: "warns" }, `⚠ ${words.warns}`) : ""),
      node("td", {}, row.reason, extra.length ? node("div", { class: "console-figure-note" }, extra.join(" · ")) : ""),
      node("td", {}, shown.mayAssign ? buttons(row) : ""),
    );
  }

  function overdueRow(row) {
    const held = row.held ? node("span", { class: "console-pill info" }, words.held) : "";
    return node(
      "tr",
      { class: `level-${row.level}` },
      node("td", { class: "wait", "data-waited": row.waited }, clock(row.waited)),
      node("td", {}, row.patient, node("div", {}, node("a", { href: row.link, class: "text-primary-600" }, `…${row.short}`))),
      node("td", {}, row.department),
      node("td", {}, row.doctor, " ", row.what, " ", held),
    );
  }

  function doctorRow(row) {
    const share = row.limit ? Math.min(100, Math.round((100 * row.load) / row.limit)) : 100;
    const bar = node("i", { class: share > 80 ? "high" : "", style: `width:${share}%` });
    return node(
      "tr",
      {},
      node("td", {}, row.name, node("div", { class: "console-figure-note" }, row.about)),
      node("td", {}, node("span", { class: `dot ${row.presence}` }), row.presenceText, row.open ? node("div", { class: "console-figure-note" }, words.open) : ""),
      node("td", {}, node("span", { class: "load" }, node("span", { class: "bar" }, bar), `${row.load}/${row.limit}`)),
    );
  }

  function fill(id, rows, columns, emptyText) {
    const empty = node("tr", {}, node("td", { class: "empty", colspan: columns }, emptyText));
    byId(id).replaceChildren(...(rows.length ? rows : [empty]));
    byId(`${id}-count`).textContent = rows.length;
  }

  function draw(state) {
    shown = state;
    drawnAt = Date.now();
    fill("board-waiting", state.waiting.map(waitingRow), 6, words.nobodyWaits);
    fill("board-overdue", state.overdue.map(overdueRow), 4, words.nothingOverdue);
    byId("board-warnings").replaceChildren(
      ...state.warnings.map((one) => node("li", { class: one.tone }, one.text)),
    );
    fill("board-doctors", state.doctors.map(doctorRow), 3, words.noDoctors);
    byId("board-updated").className = "";
    byId("board-updated").textContent = `${words.updated} ${new Date().toLocaleTimeString(document.documentElement.lang, { timeZone: words.zone })}`;
  }

  async function refresh() {
    if (byId("board-why").open) return;
    const active = document.activeElement;
    if (active && active.tagName === "SELECT" && byId("board-waiting").contains(active)) return;
    try {
      const answer = await fetch(setup.stateUrl, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      draw(await answer.json());
    } catch {
      byId("board-updated").className = "stale";
      byId("board-updated").textContent = words.stale;
    }
  }

  function tick() {
    const passed = Math.floor((Date.now() - drawnAt) / 1000);
    for (const cell of document.querySelectorAll("[data-waited]")) {
      cell.textContent = clock(Number(cell.dataset.waited) + passed);
    }
  }

  draw(setup.state);
  setInterval(refresh, EVERY_MS);
  setInterval(tick, 1000);
})();
