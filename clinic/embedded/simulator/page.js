// Keeps the overview fresh without touching a form that somebody is filling in.
setInterval(async () => {
  const main = document.querySelector("main[data-live]");
  const busy = document.activeElement && document.activeElement.closest("form");
  if (!main || busy || document.hidden) return;
  try {
    const answer = await fetch(location.href, { headers: { "X-Live": "1" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    main.replaceWith(document.adoptNode(fresh.querySelector("main")));
  } catch { /* the gateway is restarting */ }
}, 3000);
