// Small comforts; every page works without them.
(() => {
  "use strict";
  // Ctrl+Enter presses the form's main button; keys of one letter are the desk's (handling/keys.js).
  document.addEventListener("keydown", (e) => {
    if (!(e.ctrlKey || e.metaKey) || e.key !== "Enter" || e.isComposing || !e.target.form) return;
    const main = e.target.form.querySelector("button.button-main");
    if (main) e.target.form.requestSubmit(main); else e.target.form.requestSubmit();
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
