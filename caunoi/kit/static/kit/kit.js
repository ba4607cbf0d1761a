// Small comforts; every page works without them.
(() => {
  "use strict";
  const typing = (e) => e.isComposing || e.target.closest("input, textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll(".mail, .row-link")];
  const go = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement);
    all[Math.min(all.length - 1, Math.max(0, at + step))].focus();
  };
  document.addEventListener("keydown", (e) => {
    if ((e.ctrlKey || e.metaKey) && e.key === "Enter" && e.target.form) { e.target.form.requestSubmit(); return; }
    if (typing(e) || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "j") go(1);
    if (e.key === "k") go(-1);
    if (e.key === "/") { const box = [...document.querySelectorAll("input[type=search]")].find((b) => b.offsetParent); if (box) { e.preventDefault(); box.focus(); } }
    if (e.key === "?") { const help = document.querySelector("[data-help]"); if (help) location.href = help.href; }
  });
  const problems = document.querySelector(".problems");
  if (problems) { problems.focus(); document.title = `${problems.dataset.title} ${document.title}`; }
  document.querySelectorAll("[data-share]").forEach((button) => {
    if (!navigator.share) return;
    button.hidden = false;
    button.addEventListener("click", () => navigator.share({ title: document.title, url: location.href }).catch(() => {}));
  });
  // What is typed in a long form survives a lost connection until it is sent.
  document.querySelectorAll("textarea[data-keep]").forEach((box) => {
    const name = `keep:${box.dataset.keep}`;
    if (!box.value) box.value = localStorage.getItem(name) || "";
    box.addEventListener("input", () => localStorage.setItem(name, box.value));
    if (box.form) box.form.addEventListener("submit", () => localStorage.removeItem(name));
  });
  // Signing out leaves nothing behind in this browser; words that never reached the server are asked about first.
  document.querySelectorAll("form[data-sign-out]").forEach((form) => form.addEventListener("submit", (e) => {
    const unsent = Object.keys(localStorage).some((name) => name.startsWith("draft:"));
    if (unsent && !window.confirm(form.dataset.signOut)) { e.preventDefault(); return; }
    localStorage.clear();
    sessionStorage.clear();
  }));
})();
