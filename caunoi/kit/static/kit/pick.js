// A long list of boxes to tick gets a box to type in: what does not fit is hidden, ticked ones stay.
(() => {
  "use strict";
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  document.querySelectorAll(".pick-list").forEach((list) => {
    const rows = [...list.children];
    if (rows.length < 12) return;
    const box = document.createElement("input");
    box.type = "search";
    box.className = "input";
    box.setAttribute("aria-label", list.closest("fieldset")?.querySelector("legend")?.textContent || "");
    box.placeholder = list.closest("form")?.dataset.find || "";
    box.addEventListener("input", () => {
      const asked = plain(box.value.trim());
      rows.forEach((row) => { row.hidden = !plain(row.textContent).includes(asked) && !row.querySelector("input").checked; });
    });
    box.addEventListener("keydown", (e) => { if (e.key === "Enter") e.preventDefault(); });
    list.before(box);
  });
})();
