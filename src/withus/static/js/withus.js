// What JavaScript adds; every page works without it. Behaviour attaches by data- attributes, sentences come from the page.
const all = (selector) => document.querySelectorAll(selector);

// Leave quickly: the link, or Escape three times within two seconds. Nothing stays in the way back.
const exit = document.querySelector("[data-exit]");
let escapes = [];
function leave(event) {
  event?.preventDefault();
  document.body.hidden = true;
  if (exit.dataset.leave) navigator.sendBeacon(exit.dataset.leave);
  location.replace(exit.href);
}
exit?.addEventListener("click", leave);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && exit) {
    escapes = [...escapes, event.timeStamp].filter((moment) => event.timeStamp - moment < 2000);
    if (escapes.length > 2) leave();
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest?.("input,textarea,select")) return;
  const buttons = all(`[data-key="${CSS.escape(event.key)}"]`);
  if (buttons.length === 1) buttons[0].click(); // with several it would be a guess which one is meant
});

// One deed a click: the second is ignored, the button is never disabled, because then its value would not be sent.
for (const form of all("form[method=post]")) {
  let sent = 0;
  form.addEventListener("submit", (event) => {
    if (Date.now() - sent < 8000) event.preventDefault();
    else sent = Date.now();
  });
  addEventListener("pageshow", () => (sent = 0));
}

for (const button of all("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// How much room is left.
for (const area of all("[data-limit]")) {
  const counter = document.createElement("p");
  counter.className = "help";
  const count = () => {
    const left = area.dataset.limit - [...area.value].length;
    counter.textContent = `${left < 0 ? area.dataset.over : area.dataset.left} ${Math.abs(left).toLocaleString(document.documentElement.lang.replace(/^ar$/, "ar-EG"))}`;
  };
  area.after(counter);
  area.addEventListener("input", count);
  count();
}

// A code behind # in the address never reaches the server by itself; it leaves the address at once.
const input = document.querySelector("[data-from-hash]");
if (input && location.hash.length > 1 && !input.value) {
  input.value = decodeURIComponent(location.hash.slice(1)).replaceAll("+", " ");
  history.replaceState(null, "", location.pathname + location.search);
}

// On a shared device nobody's page stays on the screen.
const idle = document.body.dataset.idle * 1000;
if (idle) {
  let timer;
  const wake = () => {
    clearTimeout(timer);
    timer = setTimeout(() => location.replace("/"), idle);
  };
  ["pointerdown", "keydown", "scroll"].forEach((kind) => addEventListener(kind, wake, { passive: true }));
  wake();
}

document.querySelector("[data-focus]")?.focus();
