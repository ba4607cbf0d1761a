// Choosing cases: the whole page, a range with Shift; keys.js calls it for x and Shift+x. The boxes work without it.
(() => {
  "use strict";
  const boxes = () => [...document.querySelectorAll(".pick [name=case]")];
  let last = null;
  const count = () => {
    const all = boxes();
    const n = all.filter((b) => b.checked).length;
    document.querySelectorAll("[data-picked]").forEach((e) => { e.textContent = n; });
    const page = document.querySelector("[data-pick-page]");
    if (page) { page.checked = n > 0 && n === all.length; page.indeterminate = n > 0 && n < all.length; }
  };
  const upTo = (box) => {
    const all = boxes();
    const [a, b] = [all.indexOf(last), all.indexOf(box)].sort((x, y) => x - y);
    if (a >= 0) all.slice(a, b + 1).forEach((one) => { one.checked = box.checked; });
  };
  const show = () => document.querySelectorAll(".pick-bar [data-js]").forEach((e) => { e.hidden = false; });
  document.addEventListener("click", (e) => {
    if (!e.target.matches(".pick [name=case]")) return;
    if (e.shiftKey && last) upTo(e.target);
    last = e.target;
    count();
  });
  document.addEventListener("change", (e) => {
    if (e.target.matches("[data-pick-page]")) { boxes().forEach((b) => { b.checked = e.target.checked; }); count(); }
    if (e.target.matches("[data-pick-all]")) { boxes().forEach((b) => { b.checked = e.target.checked; }); count(); }
  });
  // Used by the keys x and Shift+x.
  window.caunoiPick = (row, range) => {
    const box = row && row.closest(".mail-row") && row.closest(".mail-row").querySelector("[name=case]");
    if (!box) return;
    box.checked = !box.checked;
    if (range && last) { box.checked = true; upTo(box); }
    last = box;
    count();
  };
  document.body.addEventListener("htmx:afterSwap", () => { last = null; show(); count(); });
  show();
  count();
})();
