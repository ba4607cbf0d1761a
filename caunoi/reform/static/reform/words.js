// Copies the words that are to be pinned. The page works without it: the words stand in a box that can be selected.
(() => {
  "use strict";
  if (!navigator.clipboard) return;
  document.querySelectorAll("[data-copy]").forEach((button) => {
    const box = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(box.value);
        button.lastElementChild.textContent = button.dataset.done;
      } catch {
        box.focus();
        box.select();
      }
    });
  });
})();
