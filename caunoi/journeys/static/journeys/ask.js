// Asking with a phone: photos become small before they leave, one may speak, and nothing is lost without network.
// Every part is a comfort: without it (or with storage switched off) the form is an ordinary form.
(() => {
  "use strict";
  const EDGE = 1600, HEAVY = 300000, LONGEST = 90;
  const $ = (what, where) => (where || document).querySelector(what);
  const box = self.askOutbox;
  const form = $("form[data-ask]");
  const attach = $("[data-attach]");
  const kept = { photos: [], voice: null };
  const quietly = (promise) => Promise.resolve(promise).catch(() => null);

  // The one service worker of the house: it keeps this form for the time without network.
  if (form && navigator.serviceWorker) window.addEventListener("load", () => quietly(navigator.serviceWorker.register("/sw.js")));

  // Photos
  const shrink = async (file) => {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const small = Math.min(1, EDGE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * small);
    canvas.height = Math.round(picture.height * small);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    let best = null;
    for (const quality of [0.82, 0.7, 0.55, 0.4]) {
      best = await new Promise((yes) => { canvas.toBlob(yes, "image/jpeg", quality); });
      if (best && best.size <= HEAVY) break;
    }
    return best || file;
  };
  const fill = (input, files) => {
    try {
      const held = new DataTransfer();
      files.forEach((f) => held.items.add(new File([f], f.name || "anh.jpg", { type: f.type })));
      input.files = held.files;
      return true;
    } catch { return false; }
  };
  const showPhotos = () => {
    const list = $("[data-thumbs]", attach);
    list.querySelectorAll("img").forEach((img) => URL.revokeObjectURL(img.src));
    list.replaceChildren(...kept.photos.map((photo, n) => {
      const row = document.createElement("li");
      row.className = "stack-tight";
      const img = new Image(96, 96);
      img.className = "thumb";
      img.src = URL.createObjectURL(photo);
      img.alt = `${attach.dataset.sayPhoto} ${n + 1}`;
      const out = document.createElement("button");
      out.type = "button";
      out.className = "link";
      out.textContent = attach.dataset.sayRemove;
      out.setAttribute("aria-label", `${attach.dataset.sayRemove}: ${img.alt}`);
      out.addEventListener("click", () => { kept.photos.splice(n, 1); changed(); });
      row.append(img, out);
      return row;
    }));
  };
  const changed = () => {
    fill($("#id_photos"), kept.photos);
    fill($("#id_voice"), kept.voice ? [kept.voice] : []);
    showPhotos();
    showVoice();
    saveDraft();
  };
  const say = (words) => { $("[data-said]", attach).textContent = words || ""; };
  const choose = async (files) => {
    const room = Number(attach.dataset.most) - Number(attach.dataset.taken || 0) - kept.photos.length;
    say(files.length > room ? attach.dataset.sayMany : "");
    for (const file of files.slice(0, Math.max(0, room))) {
      // What cannot be opened here goes up as it is; the house opens it or says why not.
      const small = await quietly(shrink(file));
      kept.photos.push(small || file);
    }
    changed();
  };

  // Voice: the recorder is the room files' own
  let recorder = { show: () => {} };
  const showVoice = () => {
    recorder.show(kept.voice);
    if ($("#id_text")) $("#id_text").required = !kept.voice;
  };
  if (attach) {
    $("#id_photos").addEventListener("change", (e) => { choose([...e.target.files]); });
    $("#id_voice").addEventListener("change", (e) => { kept.voice = e.target.files[0] || null; showVoice(); saveDraft(); });
    recorder = self.voiceRecorder(attach, {
      longest: LONGEST,
      said: say,
      done: (file) => { kept.voice = file; changed(); },
      removed: () => { kept.voice = null; changed(); },
    });
  }

  // The draft
  const SKIP = new Set(["csrfmiddlewaretoken", "step", "photos", "voice", "batch", "remove", "back"]);
  const fields = () => Object.fromEntries([...new FormData(form)].filter(([name, value]) => !SKIP.has(name) && typeof value === "string"));
  let timer = 0;
  const saveNow = () => {
    clearTimeout(timer);
    timer = 0;
    const now = fields();
    if (now.chosen && now.unit) quietly(box.savePlace({ chosen: now.chosen, unit: now.unit }));
    if (!now.text && !kept.photos.length && !kept.voice) return Promise.resolve();
    return quietly(attach ? box.saveDraft({ fields: now, photos: kept.photos, voice: kept.voice }) : box.draft().then((old) => box.saveDraft({ ...(old || {}), fields: now })));
  };
  function saveDraft() {
    if (!form || !box) return;
    clearTimeout(timer);
    timer = setTimeout(saveNow, 400);
  }
  const write = (name, value) => {
    const inputs = form.elements[name];
    if (!inputs || SKIP.has(name) || name === "form_key") return;
    if (inputs.type === "checkbox") inputs.checked = value === "on";
    else inputs.value = value;
  };
  const restore = async () => {
    const whole = form.dataset.ask === "whole";
    const place = whole ? await quietly(box.place()) : null;
    if (place) Object.entries(place).forEach(([name, value]) => write(name, value));
    const draft = await quietly(box.draft());
    if (!draft || !attach || $("#id_text").value || (attach.dataset.taken || "0") !== "0") return;
    Object.entries(draft.fields || {}).forEach(([name, value]) => { if (value && (whole || name === "text" || form.elements[name]?.type === "hidden")) write(name, value); });
    kept.photos = draft.photos || [];
    kept.voice = draft.voice || null;
    $("[data-draft]").hidden = !(draft.fields.text || kept.photos.length || kept.voice);
    fill($("#id_photos"), kept.photos);
    fill($("#id_voice"), kept.voice ? [kept.voice] : []);
    showPhotos();
    showVoice();
  };

  // Questions that wait
  const out = $("[data-outbox]");
  const chip = (word, tone) => { const c = document.createElement("span"); c.className = `chip chip-${tone}`; c.textContent = word; return c; };
  const line = (tag, text) => { const e = document.createElement(tag); e.textContent = text; return e; };
  const rowOf = (one) => {
    const row = document.createElement("li");
    row.className = "stack-tight";
    const states = { waits: [out.dataset.sayWaits, "warn"], sent: [out.dataset.saySent, "ok"], wrong: [out.dataset.sayWrong, "bad"] };
    row.append(chip(...states[one.state]));
    if (one.state === "sent") {
      row.append(line("p", `${out.dataset.sayNumber} ${one.number} · ${out.dataset.sayCode} ${one.code}`));
      (one.refused || []).forEach((why) => row.append(line("p", why)));
      const go = line("a", out.dataset.saySee);
      go.href = one.address;
      go.className = "button";
      row.append(go);
    } else {
      row.append(line("p", `${(one.fields.text || "").slice(0, 120) || out.dataset.sayFiles}`));
      if (one.why) row.append(line("p", one.why));
      if (one.state === "wrong") {
        const again = line("button", out.dataset.sayOpen);
        again.type = "button";
        again.className = "button";
        again.addEventListener("click", async () => { await box.saveDraft(one); await box.drop(one.key); location.href = "/hoi/"; });
        row.append(again);
      }
    }
    return row;
  };
  const showOutbox = async () => {
    if (!out || !box) return;
    const rows = (await quietly(box.all())) || [];
    out.hidden = !rows.length;
    $("[data-send-now]", out).hidden = !rows.some((one) => one.state === "waits");
    $("[data-rows]", out).replaceChildren(...rows.map(rowOf));
  };
  // "Online" is said before the first byte goes through: what did not go is tried again, later each time.
  let pause = 2000, again = 0;
  const sendAll = async () => {
    clearTimeout(again);
    const left = await quietly(box.sendAll());
    await showOutbox();
    pause = left ? Math.min(pause * 2, 300000) : 2000;
    if (left && navigator.onLine) again = setTimeout(sendAll, pause);
  };
  const keepQuestion = async (e) => {
    e.preventDefault();
    if (!form.reportValidity()) return;
    const one = { key: box.mark(), fields: fields(), photos: kept.photos, voice: kept.voice };
    try { await box.keep(one); } catch { return; }
    await quietly(box.dropDraft());
    form.reset();
    kept.photos = [];
    kept.voice = null;
    showPhotos();
    showVoice();
    say(out.dataset.saySaved);
    await showOutbox();
    out.scrollIntoView();
    const worker = await quietly(navigator.serviceWorker?.ready);
    await quietly(worker?.sync?.register("caunoi-ask"));
    if (navigator.onLine) await sendAll();
  };
  const forgetAll = async () => {
    if (!window.confirm($("[data-forget]").dataset.confirm)) return;
    await quietly(box.forget());
    location.href = "/hoi/";
  };

  if (!box) return;
  if ($("[data-asked]")) quietly(box.dropDraft());
  if (form) {
    quietly(restore());
    form.addEventListener("input", saveDraft);
    // A phone closes what is not looked at without a word.
    document.addEventListener("visibilitychange", () => { if (document.hidden && timer) saveNow(); });
    if (form.dataset.ask === "whole") form.addEventListener("submit", keepQuestion);
    else form.addEventListener("submit", saveNow);
    $("[data-forget-draft]").addEventListener("click", async () => { await quietly(box.dropDraft()); form.reset(); kept.photos = []; kept.voice = null; changed(); clearTimeout(timer); $("[data-draft]").hidden = true; });
  }
  if (out) {
    $("[data-send-now]", out).addEventListener("click", sendAll);
    $("[data-forget]", out).addEventListener("click", forgetAll);
    window.addEventListener("online", sendAll);
    navigator.serviceWorker?.addEventListener("message", showOutbox);
    showOutbox().then(() => { if (navigator.onLine) sendAll(); });
  }
})();
