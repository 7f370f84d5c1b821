// Speech recorded on the page: it goes into the form's own file field, and nowhere before the form is sent.
const language = document.documentElement.lang.replace(/^ar$/, "ar-EG");
for (const box of document.querySelectorAll("[data-recorder]")) {
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder || !window.DataTransfer) continue;
  const input = document.getElementById(box.dataset.recorder);
  const [button, status, clock, heard] = ["button", "[role=status]", "[data-clock]", "audio"].map((one) => box.querySelector(one));
  const begin = button.textContent;
  let recorder;
  let send;

  async function record() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      recorder = new MediaRecorder(stream, { audioBitsPerSecond: 32000 });
    } catch {
      stream?.getTracks().forEach((track) => track.stop());
      status.textContent = box.dataset.no;
      return;
    }
    const pieces = [];
    let seconds = 0;
    const ticking = setInterval(() => {
      clock.textContent = (++seconds).toLocaleString(language);
      if (seconds >= box.dataset.longest) recorder.stop();
    }, 1000);
    recorder.ondataavailable = (event) => pieces.push(event.data);
    recorder.onstop = () => {
      clearInterval(ticking);
      stream.getTracks().forEach((track) => track.stop());
      const speech = new Blob(pieces, { type: recorder.mimeType });
      const files = new DataTransfer();
      files.items.add(new File([speech], "speech", { type: speech.type }));
      input.files = files.files;
      URL.revokeObjectURL(heard.src);
      heard.src = URL.createObjectURL(speech);
      heard.hidden = false;
      button.textContent = begin;
      clock.textContent = "";
      status.textContent = box.dataset.done;
      if (send) send();
    };
    recorder.start();
    heard.hidden = true;
    button.textContent = box.dataset.stop;
    status.textContent = box.dataset.going;
  }

  button.addEventListener("click", () => (recorder?.state === "recording" ? recorder.stop() : record()));
  // Sent while it still listens: the recording ends first, then the form goes.
  input.form.addEventListener("submit", (event) => {
    if (recorder?.state !== "recording") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    send = () => input.form.requestSubmit(event.submitter);
    recorder.stop();
  }, { capture: true });
  box.hidden = false;
}

// More than the server takes: said before all of it was sent for nothing, and what was typed stays on the page.
for (const note of document.querySelectorAll("[data-most]")) {
  const form = note.closest("form");
  form.addEventListener("submit", (event) => {
    const files = [...form.querySelectorAll("[type=file]")].flatMap((one) => [...one.files]);
    note.hidden = files.reduce((sum, one) => sum + one.size, 0) <= note.dataset.most;
    if (note.hidden) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    note.focus();
  }, { capture: true });
}
