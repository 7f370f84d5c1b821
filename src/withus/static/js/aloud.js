// Reads parts of the page aloud, by voices of the device itself: others would send the words to whoever makes them.
const speech = window.speechSynthesis;
const SKIPPED = "audio,form,details,script,[hidden],[aria-hidden=true]";
const main = (code) => code.toLowerCase().split(/[-_]/)[0];

// Sentences, each with its language; groups of symbols one by one.
function sentences() {
  const found = [];
  let last = {};
  for (const box of document.querySelectorAll("[data-read]")) {
    const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const [text, at] = [walker.currentNode.data.trim(), walker.currentNode.parentElement];
      if (!text || at.closest(SKIPPED)) continue;
      const [block, lang] = [at.closest("p,li,h2,figcaption"), at.closest("[lang]").lang];
      const said = at.closest(".secret-groups") ? [...text].join(", ") + "." : text;
      if (last.block === block && last.lang === lang) last.text += ` ${said}`;
      else found.push((last = { block, lang, text: said }));
    }
  }
  return found.flatMap(({ lang, text }) => text.match(/[^.!?؟…]+[.!?؟…]*/g)?.map((one) => ({ lang, text: one.trim() })) ?? []);
}

for (const box of speech ? document.querySelectorAll("[data-aloud]") : []) {
  const [button, status] = ["button", "[role=status]"].map((one) => box.querySelector(one));
  const begin = button.textContent;
  let waiting = []; // what is to be spoken: kept, because browsers forget what nobody holds

  function stop() {
    waiting = [];
    speech.cancel();
    button.textContent = begin;
  }

  async function read() {
    if (!speech.getVoices().length) {
      await new Promise((go) => {
        speech.addEventListener("voiceschanged", go, { once: true });
        setTimeout(go, 1500); // there may never be any
      });
    }
    const own = speech.getVoices().filter((one) => one.localService);
    const all = sentences();
    const ours = all.flatMap(({ lang, text }) => {
      const voice = own.find((one) => main(one.lang) === main(lang));
      return voice ? [Object.assign(new SpeechSynthesisUtterance(text), { lang: voice.lang, voice })] : [];
    });
    status.textContent = !ours.length ? box.dataset.none : ours.length < all.length ? box.dataset.some : "";
    if (!ours.length) return;
    speech.cancel();
    waiting = ours;
    button.textContent = box.dataset.stop;
    ours.at(-1).onend = () => waiting === ours && stop();
    for (const one of ours) {
      one.onerror = () => waiting === ours && stop();
      speech.speak(one);
    }
  }

  speech.getVoices(); // some browsers look for them only when asked
  button.addEventListener("click", () => (waiting.length ? stop() : read()));
  addEventListener("pagehide", stop);
  addEventListener("visibilitychange", () => document.hidden && stop());
  box.hidden = false;
}
