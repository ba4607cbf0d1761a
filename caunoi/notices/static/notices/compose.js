// What is typed in the composer is kept: in this browser at once, on the server every three seconds.
(() => {
  "use strict";
  const AFTER = 3000, AGAIN = 15000;
  const form = document.querySelector("form[data-scratch]");
  if (!form) return;
  const place = form.querySelector("[data-kept-place]");
  const key = `draft:${form.dataset.account}:notice:${form.dataset.scratch}`;
  const FIELDS = "input:not([type=file]):not([type=hidden]), select, textarea";
  const TEXT = { vi: "Mất mạng: chữ đang gõ giữ trong máy này", en: "No network: what you type is kept in this browser" };
  const words = () => { const found = {}; new FormData(form).forEach((v, k) => { if (typeof v === "string" && k !== "csrfmiddlewaretoken") (found[k] = found[k] || []).push(v); }); return found; };
  let timer = 0, sent = JSON.stringify(words()), busy = false, leaving = false;
  const store = () => { try { localStorage.setItem(key, JSON.stringify(words())); } catch { /* full or forbidden */ } };
  const forget = () => { try { localStorage.removeItem(key); } catch { /* forbidden */ } };
  const later = (wait) => { clearTimeout(timer); timer = setTimeout(send, wait); };
  async function send(extra) {
    const now = words(), plain = JSON.stringify(now);
    if (busy || leaving || plain === sent) return;
    busy = true;
    try {
      const body = new URLSearchParams({ csrfmiddlewaretoken: form.querySelector("[name=csrfmiddlewaretoken]").value });
      Object.entries(now).forEach(([k, values]) => values.forEach((v) => body.append(k, v)));
      const answer = await fetch(form.dataset.scratch, { method: "POST", body, credentials: "same-origin", headers: { "X-Requested-With": "fetch" }, ...extra });
      if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
      place.innerHTML = await answer.text();
      sent = plain;
      if (JSON.stringify(words()) === plain) forget(); else later(AFTER);
    } catch {
      store();
      place.textContent = TEXT[document.documentElement.lang] || TEXT.vi;
      later(AGAIN);
    } finally { busy = false; }
  }
  // A picture is looked at, and described, as soon as it is chosen.
  const picked = form.querySelector("#new_picture"), row = form.querySelector("[data-new-picture]");
  if (picked && row) {
    const seen = row.querySelector("img"), alt = row.querySelector("input");
    document.documentElement.classList.add("has-script");
    const show = () => {
      const file = picked.files[0];
      if (seen.src) URL.revokeObjectURL(seen.src);
      row.hidden = !file;
      seen.hidden = !file;
      if (file) seen.src = URL.createObjectURL(file);
    };
    picked.addEventListener("change", () => { show(); if (picked.files[0]) alt.focus(); });
    show();
  }
  // Words that never reached the server come back when the page is opened again: newer than its own as long as the version is the same.
  try {
    const kept = JSON.parse(localStorage.getItem(key) || "null");
    const seen = form.elements.seen, same = kept && seen && (kept.seen || [])[0] === seen.value;
    if (kept) form.querySelectorAll(FIELDS).forEach((f) => { if (f.type !== "checkbox" && f.type !== "radio" && f.name in kept && (same || !f.value)) f.value = kept[f.name][0]; });
    if (kept) later(AFTER);
  } catch { /* nothing to take back */ }
  form.addEventListener("input", () => { store(); later(AFTER); });
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); forget(); });
  window.addEventListener("online", () => send());
  window.addEventListener("pagehide", () => send({ keepalive: true }));
})();
