// The alarm banner keeps itself up to date while a page of the desk is open; without this it comes with the next page.
(() => {
  "use strict";
  const box = document.querySelector("[data-alarms]");
  if (!box) return;
  const title = document.title;
  let heard = box.querySelectorAll("[data-alarm]").length;
  const beep = () => {
    try {
      const sound = new AudioContext();
      [0, 0.3, 0.6].forEach((at) => {
        const tone = sound.createOscillator();
        tone.frequency.value = 880;
        tone.connect(sound.destination);
        tone.start(sound.currentTime + at);
        tone.stop(sound.currentTime + at + 0.15);
      });
    } catch { /* no sound here; the banner stays */ }
  };
  const look = async () => {
    try {
      const answer = await fetch(box.dataset.alarms, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      const now = fresh.querySelectorAll("[data-alarm]").length;
      if (!box.contains(document.activeElement)) box.replaceChildren(...fresh.childNodes);
      if (now > heard) beep();
      heard = now;
      document.title = now ? `(${now}) ${title}` : title;
    } catch { /* no network now; the next look comes soon */ }
  };
  setInterval(look, 15000);
})();
