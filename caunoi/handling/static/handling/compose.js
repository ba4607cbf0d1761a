// What is typed is never lost: kept in this browser at once, on the server every three seconds, compared when two windows differ.
(() => {
  "use strict";
  const AFTER = 3000, BEAT = 20000, AGAIN = 15000;
  const forms = new WeakMap();
  const area = (form) => form.querySelector("textarea");
  const words = (form) => ({ text: area(form).value, agency: (form.querySelector("[name=agency]") || {}).value || "" });
  const key = (form) => `draft:${form.dataset.account}:${form.dataset.number}:${form.dataset.compose}`;
  const stored = (form) => { try { return JSON.parse(localStorage.getItem(key(form))); } catch { return null; } };
  const store = (form) => { try { localStorage.setItem(key(form), JSON.stringify({ ...words(form), seen: state(form).seen })); } catch { /* full or forbidden */ } };
  const forget = (form) => { try { localStorage.removeItem(key(form)); } catch { /* forbidden */ } };
  const say = (form, html) => { const old = form.querySelector(".writing"); if (old) old.outerHTML = html; };
  const note = (form, text, tone) => {
    const place = form.querySelector(".writing");
    if (!place) return;
    let mark = place.querySelector("[data-local]");
    if (!mark) { mark = document.createElement("span"); mark.dataset.local = ""; place.prepend(mark); }
    mark.className = `chip chip-${tone}`;
    mark.textContent = text;
  };
  const TEXT = {
    vi: { offline: "Mất mạng: bản nháp giữ trong máy này", waiting: "Đang lưu…", found: "Đã lấy lại bản chưa gửi trong máy này" },
    en: { offline: "No network: the draft is kept in this browser", waiting: "Keeping…", found: "Found your unsent words in this browser" },
  };
  const t = TEXT[document.documentElement.lang] || TEXT.vi;
  const state = (form) => {
    if (!forms.has(form)) forms.set(form, { seen: Number(form.dataset.seen || 0), timer: 0, sent: JSON.stringify(words(form)), stopped: false, busy: false });
    return forms.get(form);
  };
  const body = (form, more) => {
    const data = new URLSearchParams({ csrfmiddlewaretoken: form.querySelector("[name=csrfmiddlewaretoken]").value, ...more });
    return { method: "POST", body: data, headers: { "X-Requested-With": "fetch" }, credentials: "same-origin" };
  };
  const later = (form, wait) => { const s = state(form); clearTimeout(s.timer); s.timer = setTimeout(() => send(form), wait); };
  async function send(form, extra) {
    const s = state(form);
    if (s.stopped || s.busy || !form.isConnected) return;
    const now = JSON.stringify(words(form));
    if (now === s.sent) { forget(form); return; }
    s.busy = true;
    try {
      const answer = await fetch(form.dataset.scratch, { ...body(form, { field: form.dataset.compose, seen: s.seen, ...words(form) }), ...extra });
      const html = await answer.text();
      if (answer.status === 409) { conflict(form, html); return; }
      if (!answer.ok) throw new Error(String(answer.status));
      say(form, html);
      const mark = form.querySelector(".writing");
      s.seen = Number((mark && mark.dataset.seen) || s.seen);
      s.sent = now;
      if (JSON.stringify(words(form)) === now) forget(form); else { store(form); later(form, AFTER); }
    } catch {
      store(form);
      note(form, t.offline, "warn");
      later(form, AGAIN);
    } finally { s.busy = false; }
  }
  function conflict(form, html) {
    const s = state(form);
    s.stopped = true;
    say(form, html);
    const mark = form.querySelector(".writing");
    const version = Number(mark.dataset.seen || s.seen);
    const mine = mark.querySelector("[data-mine]");
    if (mine) mine.textContent = area(form).value;
    mark.addEventListener("click", (e) => {
      if (e.target.closest("[data-take]")) area(form).value = mark.querySelector("[data-other]").textContent;
      else if (!e.target.closest("[data-keep]")) return;
      s.seen = version;
      s.stopped = false;
      s.sent = "";
      send(form);
    });
  }
  // Words that never reached the server come back when the page is opened again.
  function recover(form) {
    const kept = stored(form);
    if (!kept || kept.text === area(form).value) { forget(form); return; }
    const s = state(form);
    area(form).value = kept.text;
    s.sent = "";
    s.seen = kept.seen;
    note(form, t.found, "warn");
    later(form, 500);
  }
  const beat = (form, doing) => fetch(form.dataset.here, body(form, { doing }))
    .then((a) => (a.ok ? a.text() : "")).then((html) => { const place = form.querySelector("[data-others]"); if (place && html) place.outerHTML = html; }).catch(() => {});
  const all = () => [...document.querySelectorAll("form[data-compose]")];
  function begin() {
    all().forEach((form) => { if (form.dataset.begun) return; form.dataset.begun = "1"; state(form); recover(form); beat(form, "reading"); });
  }
  document.addEventListener("input", (e) => {
    const form = e.target.closest && e.target.closest("form[data-compose]");
    if (!form || !e.target.matches("textarea, [name=agency]")) return;
    const s = state(form);
    if (!s.wrote || Date.now() - s.wrote > BEAT) { s.wrote = Date.now(); beat(form, "writing"); }
    store(form);
    later(form, AFTER);
  });
  document.addEventListener("submit", (e) => {
    if (e.target.matches("form[data-compose]")) { const s = state(e.target); clearTimeout(s.timer); s.stopped = true; forget(e.target); }
  });
  setInterval(() => { if (!document.hidden) all().forEach((f) => beat(f, Date.now() - (state(f).wrote || 0) < BEAT * 2 ? "writing" : "reading")); }, BEAT);
  // Asked by the key Esc: keep it now.
  document.addEventListener("caunoi:keep", (e) => { if (e.target.matches("form[data-compose]")) { store(e.target); send(e.target); } });
  window.addEventListener("online", () => all().forEach((f) => send(f)));
  const flush = () => all().forEach((f) => send(f, { keepalive: true }));
  window.addEventListener("pagehide", flush);
  document.body.addEventListener("htmx:beforeSwap", flush);
  document.body.addEventListener("htmx:afterSettle", begin);
  // Another person's words do not wait in this browser.
  const own = all()[0];
  if (own) Object.keys(localStorage).filter((k) => k.startsWith("draft:") && !k.startsWith(`draft:${own.dataset.account}:`)).forEach((k) => localStorage.removeItem(k));
  begin();
})();
