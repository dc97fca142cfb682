// What the theme leaves out for keyboards and screen readers: names, roles and keys.
(() => {
  function name(selector, words) {
    for (const part of document.querySelectorAll(selector)) if (words) part.setAttribute("aria-label", words);
  }

  // Things that only a mouse can press become buttons.
  function press(part, words) {
    if (part.getAttribute("role") === "button") return;
    part.setAttribute("role", "button");
    part.tabIndex = 0;
    if (words) part.setAttribute("aria-label", words);
    part.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      part.click();
    });
  }

  function mend() {
    const { menu, toggle, tabs, more, account, home, search } = document.getElementById("main")?.dataset ?? {};
    name("#nav-sidebar-inner", menu);
    name("#nav-sidebar-inner nav", account);
    name("#tabs-items", tabs);
    name("#tabs-dropdown", more);
    name("#nav-sidebar-inner a:has(> .material-symbols-outlined:only-child)", home);
    name("#searchbar-submit", search);
    name("header a[x-on\\:click*=showActions]", more);
    for (const part of document.querySelectorAll("span.material-symbols-outlined[x-on\\:click]")) press(part, toggle);
    for (const part of document.querySelectorAll("#tabs-wrapper div[x-on\\:click]")) press(part, more);
    for (const part of document.querySelectorAll("#nav-sidebar-inner :is(div.cursor-pointer, a:not([href]))[x-on\\:click]")) press(part);
    for (const part of document.querySelectorAll("td.delete > label > .material-symbols-outlined")) press(part, part.closest("td").dataset.label);
    // A chooser that searches has the name of its field, not only what is chosen.
    for (const choice of document.querySelectorAll("select.select2-hidden-accessible")) {
      const [label] = choice.labels;
      const box = choice.nextElementSibling?.querySelector("[role=combobox]");
      const chosen = box?.querySelector(".select2-selection__rendered");
      if (!label || !chosen) continue;
      label.id ||= `${choice.id}-label`;
      chosen.setAttribute("aria-labelledby", label.id);
      box.setAttribute("aria-labelledby", `${label.id} ${chosen.id}`);
    }
    // Before the log-in the way back and the colours stand in no part of the page.
    const wayBack = document.querySelector("body.login #page > div > .absolute:has(a)");
    if (wayBack) wayBack.setAttribute("role", "navigation");
    // A picture's name is no word to read out.
    for (const icon of document.querySelectorAll(".material-symbols-outlined:not([role])")) icon.setAttribute("aria-hidden", "true");
    for (const back of document.querySelectorAll("header a[title]")) back.setAttribute("aria-label", back.title);
    // Each scrolling part would be a region of the same name.
    for (const scroll of document.querySelectorAll(".simplebar-content-wrapper")) {
      scroll.removeAttribute("role");
      scroll.removeAttribute("aria-label");
    }
  }

  // The theme counts the tabs before its letters are there, and takes one back for each resize.
  function unfold() {
    const shown = document.getElementById("tabs-items");
    let before;
    do {
      before = shown?.childElementCount ?? 0;
      dispatchEvent(new Event("resize"));
    } while (shown?.childElementCount > before);
  }

  addEventListener("resize", (event) => event.isTrusted && unfold());
  addEventListener("DOMContentLoaded", mend);
  addEventListener("load", () => {
    mend();
    window.django?.jQuery?.(mend); // choosers that search are made last
    unfold();
    document.fonts.ready.then(unfold);
  }, { once: true });
})();
