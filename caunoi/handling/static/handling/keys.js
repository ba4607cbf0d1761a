// Keys of the desk. The list stands in the page (dialog#keys); each key clicks what stands on the page anyway, so nothing needs this file.
// Silent while somebody types and while Telex or another input method composes; keys of one letter can be switched off.
(() => {
  "use strict";
  const help = document.getElementById("keys");
  if (!help) return;
  const single = help.dataset.single === "on";
  const rows = new Map([...help.querySelectorAll("[data-key]")].map((row) => [row.dataset.key, row]));
  const beginnings = new Set([...rows.keys()].filter((k) => k.includes(" ")).map((k) => k.split(" ")[0]));
  let before = "", timer = 0;
  const composing = (e) => e.isComposing || e.keyCode === 229;
  const field = (e) => e.target.closest && e.target.closest("input:not([type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select, [contenteditable]");
  const shown = (el) => !el.closest("[hidden], dialog:not([open])") && (el.getClientRects().length > 0 || el.matches("summary"));
  const named = (word) => [...document.querySelectorAll(`[data-do~="${word}"]`)].filter(shown);
  const lines = () => [...document.querySelectorAll("main .mail, main .row-link")].filter(shown);
  const line = () => document.activeElement.closest(".mail, .row-link, .mail-row") || document.querySelector('.mail[aria-current="true"]');
  const step = (by) => {
    const all = lines();
    if (!all.length) return false;
    const here = line(), row = here && (here.matches(".mail-row") ? here.querySelector(".mail") : here);
    const at = all.indexOf(row);
    all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))].focus();
    return true;
  };
  const pick = (range) => {
    const here = line(), row = here && (here.matches(".mail-row") ? here.querySelector(".mail") : here);
    if (!row || !window.caunoiPick) return false;
    window.caunoiPick(row, range);
    return true;
  };
  const open = (summary) => {
    const details = summary.parentElement;
    details.open = true;
    const first = details.querySelector("textarea, select, input:not([type=hidden]), button");
    (first || summary).focus();
    (first || summary).scrollIntoView({ block: "center" });
    return true;
  };
  const press = (word) => {
    const all = named(word);
    const el = all.find((one) => one.matches("input, textarea")) || all[0];
    if (!el) return false;
    if (el.matches("summary")) return open(el);
    if (el.matches("input, textarea")) { el.focus(); el.scrollIntoView({ block: "center" }); return true; }
    // A tab that is opened by a key is typed into at once.
    if (el.matches("[data-tab]")) { try { sessionStorage.setItem("typed-into", word); } catch { /* forbidden */ } }
    el.click();
    return true;
  };
  const DO = {
    keys: () => { if (!help.open) help.showModal(); return true; },
    next: () => step(1),
    previous: () => step(-1),
    pick: () => pick(false),
    "pick-range": () => pick(true),
    undo: () => { const el = [...document.querySelectorAll("[data-undo]")].find(shown); if (el) el.click(); return !!el; },
    find: () => press("find"),
  };
  const run = (row) => {
    const link = row.querySelector("a");
    if (link) { link.click(); return true; }
    const word = row.dataset.press;
    return word ? (DO[word] || (() => press(word)))() : false;
  };
  const name = (e) => {
    const key = e.key.length === 1 ? e.key.toLowerCase() : e.key;
    if (e.ctrlKey || e.metaKey) return `Ctrl+${key}`;
    return e.shiftKey && /^[a-z]$/.test(key) ? `Shift+${key}` : key;
  };
  // Out of a field: what is typed is kept now. Outside of one: back to the list.
  const escape = (e) => {
    const typed = field(e);
    if (typed) {
      if (typed.form && typed.form.matches("[data-compose]")) typed.form.dispatchEvent(new CustomEvent("caunoi:keep", { bubbles: true }));
      typed.blur();
      return true;
    }
    return single && press("back");
  };
  document.addEventListener("keydown", (e) => {
    if (composing(e) || e.altKey || e.defaultPrevented || help.open) return;
    const key = name(e);
    if (key === "Escape") { if (escape(e)) e.preventDefault(); return; }
    if (key === "Ctrl+k") { if (press("find")) e.preventDefault(); return; }
    if (!single || field(e) || e.ctrlKey || e.metaKey || (e.key === "Enter")) return;
    const both = before ? `${before} ${key}` : "";
    clearTimeout(timer);
    before = "";
    if (both && rows.has(both)) { e.preventDefault(); run(rows.get(both)); return; }
    if (beginnings.has(key)) { before = key; timer = setTimeout(() => { before = ""; }, 1500); return; }
    const row = rows.get(key);
    if (row && run(row)) e.preventDefault();
  });
  document.addEventListener("click", (e) => {
    const opener = e.target.closest("[data-keys]");
    if (opener) { e.preventDefault(); DO.keys(); }
  });
  const arrive = () => {
    let word = "";
    try { word = sessionStorage.getItem("typed-into") || ""; } catch { /* forbidden */ }
    const into = word && named(word).find((el) => el.matches("textarea"));
    if (!into) return;
    sessionStorage.removeItem("typed-into");
    into.focus();
  };
  arrive();
  document.body.addEventListener("htmx:afterSettle", arrive);
  // An approval that waits says how long; when it has left, the page is asked again, unless somebody types.
  setInterval(() => {
    const waiting = document.querySelector("[data-leaves]");
    if (!waiting) return;
    const left = Math.ceil((Date.parse(waiting.dataset.leaves) - Date.now()) / 1000);
    const button = waiting.querySelector("[data-undo]");
    if (left <= 0 && button) button.disabled = true;
    if (left <= -4) {
      delete waiting.dataset.leaves;
      if (!document.activeElement.closest("textarea, input, select") && !document.querySelector("dialog[open]")) location.reload();
    }
  }, 1000);
})();
