// Every page works without this. Behaviour attaches by data- attributes.
const all = (selector) => document.querySelectorAll(selector);

// Leave quickly: the link, or Escape three times. Nothing stays in the way back.
const exit = document.querySelector("[data-exit]");
let escapes = [];
function leave(event) {
  event?.preventDefault();
  document.body.hidden = true;
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

// One deed a click. The button is never disabled: its value would not be sent.
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

// A code behind # never reaches the server by itself; it leaves the address at once.
const input = document.querySelector("[data-from-hash]");
if (input && location.hash.length > 1 && !input.value) {
  input.value = decodeURIComponent(location.hash.slice(1)).replaceAll("+", " ");
  history.replaceState(null, "", location.pathname + location.search);
}

// On a shared device no page stays on the screen, nor one of an ended visit; words in a form do.
const idle = document.body.dataset.idle * 1000;
if (idle) {
  let timer;
  const to = document.body.dataset.to;
  const clear = () => {
    if (!to || ![...all("textarea")].some((area) => area.value)) location.replace(to || "/");
    else for (const part of all("[data-read]")) part.hidden = true;
  };
  const wake = () => {
    clearTimeout(timer);
    timer = setTimeout(clear, idle);
  };
  ["pointerdown", "keydown", "scroll"].forEach((kind) => addEventListener(kind, wake, { passive: true }));
  wake();
}

document.querySelector("[data-focus]")?.focus();
