// Someone who types is there: the server is told, so that nothing typed is lost. Before a session ends by itself, the page says so.
const TELL_EVERY_MS = 5 * 60_000;
const WARN_BEFORE_MS = 2 * 60_000;

const warning = document.querySelector("[data-idle]");

if (warning) {
  const idleMs = Number(warning.dataset.idle) * 1000;
  let seen = Date.now();

  const tell = async () => {
    const answer = await fetch(warning.dataset.presence, { headers: { "HX-Request": "true" }, cache: "no-store" }).catch(() => null);
    if (answer?.ok) {
      seen = Date.now();
      warning.hidden = true;
    } else if (answer?.status === 401) {
      over();
    }
  };

  const over = () => {
    warning.hidden = false;
    warning.querySelector("[data-soon]").hidden = true;
    warning.querySelector("[data-over]").hidden = false;
  };

  const look = () => {
    const quiet = Date.now() - seen;
    if (quiet >= idleMs) over();
    else if (quiet >= idleMs - WARN_BEFORE_MS) warning.hidden = false;
  };

  document.addEventListener("input", () => {
    if (Date.now() - seen >= TELL_EVERY_MS) {
      seen = Date.now();
      tell();
    }
  });
  warning.querySelector("button").addEventListener("click", tell);
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) seen = Date.now();
  });
  setInterval(look, 15_000);
  document.addEventListener("visibilitychange", look);
}
