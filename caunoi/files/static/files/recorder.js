// Records a voice with the browser's own recorder. Where it cannot, the file field beside it is all there is.
//   voiceRecorder(place, { longest: seconds, said: (words) => {}, done: (file) => {}, removed: () => {} })
// and by itself for every [data-voice] with a file field: the recording is put into the field.
"use strict";
self.voiceRecorder = (place, { longest, said, done, removed }) => {
  const $ = (what) => place.querySelector(what);
  const clock = (s) => `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
  const quietly = (promise) => Promise.resolve(promise).catch(() => null);
  const show = (file) => {
    const audio = $("[data-audio]");
    if (audio.src) URL.revokeObjectURL(audio.src);
    audio.removeAttribute("src");
    if (file) audio.src = URL.createObjectURL(file);
    $("[data-played]").hidden = !file;
  };
  const record = async () => {
    const sound = await quietly(navigator.mediaDevices.getUserMedia({ audio: true }));
    if (!sound) { said(place.dataset.sayNomic); return; }
    const type = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"].find((t) => MediaRecorder.isTypeSupported(t));
    const machine = new MediaRecorder(sound, { mimeType: type, audioBitsPerSecond: 24000 });
    const parts = [], began = Date.now();
    const buttons = [$("[data-record]"), $("[data-stop]")];
    const turn = (on) => { buttons[0].hidden = on; buttons[1].hidden = !on; buttons[on ? 1 : 0].focus(); };
    const watch = setInterval(() => {
      const passed = Math.floor((Date.now() - began) / 1000);
      $("[data-clock]").textContent = `${clock(passed)} / ${clock(longest)}`;
      if (passed >= longest && machine.state === "recording") machine.stop();
    }, 250);
    machine.addEventListener("dataavailable", (e) => parts.push(e.data));
    machine.addEventListener("stop", () => {
      clearInterval(watch);
      sound.getTracks().forEach((track) => track.stop());
      $("[data-clock]").textContent = "";
      turn(false);
      done(new File(parts, "ghi-am", { type: (type || "").split(";")[0] }));
    });
    buttons[1].onclick = () => machine.stop();
    machine.start(1000);
    turn(true);
  };
  $("[data-unrecord]").addEventListener("click", removed);
  if (window.MediaRecorder && navigator.mediaDevices) {
    $("[data-recorder]").hidden = false;
    $("[data-record]").addEventListener("click", record);
  }
  return { show };
};
document.querySelectorAll("[data-voice]").forEach((place) => {
  const field = place.querySelector("input[type=file]");
  const said = (words) => { place.querySelector("[data-said]").textContent = words || ""; };
  const put = (file) => {
    const held = new DataTransfer();
    if (file) held.items.add(file);
    field.files = held.files;
    recorder.show(file);
    said("");
  };
  const recorder = self.voiceRecorder(place, { longest: Number(place.dataset.longest), said, done: put, removed: () => put(null) });
  field.addEventListener("change", () => recorder.show(field.files[0] || null));
});
