// "/" offers canned answers, "@" offers colleagues. Not while Telex or another input method composes; without it the lists beside do the same.
(() => {
  "use strict";
  let box = null, area = null, from = -1, options = [], at = 0, asked = 0;
  const fold = (s) => s.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d").replace(/Đ/g, "D").toLowerCase();
  const close = () => {
    if (box) box.remove();
    if (area) { area.removeAttribute("aria-activedescendant"); area.removeAttribute("aria-controls"); area.setAttribute("aria-expanded", "false"); }
    box = null; from = -1; options = [];
  };
  const mark = (n) => {
    at = Math.max(0, Math.min(options.length - 1, n));
    options.forEach((o, i) => o.setAttribute("aria-selected", String(i === at)));
    if (options[at]) { area.setAttribute("aria-activedescendant", options[at].id); options[at].scrollIntoView({ block: "nearest" }); }
  };
  const show = (nodes) => {
    if (!box) {
      box = document.createElement("ul");
      box.className = "suggest";
      box.id = "suggest";
      box.setAttribute("role", "listbox");
      area.after(box);
      area.setAttribute("aria-controls", "suggest");
      area.setAttribute("aria-expanded", "true");
      box.addEventListener("mousedown", (e) => { const o = e.target.closest("[role=option]"); if (o) { e.preventDefault(); take(o); } });
    }
    box.replaceChildren(...nodes);
    options = [...box.querySelectorAll("[role=option]")];
    mark(0);
  };
  const take = (option) => {
    const before = area.value.slice(0, from), after = area.value.slice(area.selectionStart);
    area.value = before + option.dataset.text + after;
    const end = before.length + option.dataset.text.length;
    area.setSelectionRange(end, end);
    if (option.dataset.check) { const c = document.querySelector(option.dataset.check); if (c) c.checked = true; }
    const typed = area;
    close();
    typed.focus();
    typed.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const people = (typed) => [...document.querySelectorAll(`${area.dataset.at} [data-name]`)]
    .filter((p) => fold(p.dataset.name).includes(fold(typed))).slice(0, 8).map((p) => {
      const o = document.createElement("li");
      o.setAttribute("role", "option");
      o.id = `person-${p.value}`;
      o.dataset.text = `@${p.dataset.name} `;
      o.dataset.check = `${area.dataset.at} [value="${p.value}"]`;
      o.textContent = p.dataset.name;
      return o;
    });
  const canned = (typed) => {
    const mine = ++asked;
    fetch(`${area.dataset.slash}?q=${encodeURIComponent(typed)}`, { credentials: "same-origin" }).then((a) => (a.ok ? a.text() : "")).then((html) => {
      if (mine !== asked || from < 0) return;
      const holder = document.createElement("template");
      holder.innerHTML = html;
      show([...holder.content.children]);
    }).catch(() => {});
  };
  document.addEventListener("input", (e) => {
    if (e.isComposing || !e.target.matches("textarea[data-slash], textarea[data-at]")) return;
    area = e.target;
    const upTo = area.value.slice(0, area.selectionStart);
    const hit = area.dataset.slash ? /(?:^|[\s])\/([^\n/]{0,30})$/.exec(upTo) : /(?:^|[\s])@([^\n@]{0,40})$/.exec(upTo);
    if (!hit) { close(); return; }
    from = upTo.length - hit[1].length - 1;
    if (area.dataset.slash) { canned(hit[1]); return; }
    const found = people(hit[1]);
    if (found.length) show(found); else close();
  });
  document.addEventListener("keydown", (e) => {
    if (!box || e.isComposing) return;
    if (e.key === "ArrowDown") { e.preventDefault(); mark(at + 1); }
    else if (e.key === "ArrowUp") { e.preventDefault(); mark(at - 1); }
    else if ((e.key === "Enter" || e.key === "Tab") && options[at] && !e.ctrlKey) { e.preventDefault(); e.stopPropagation(); take(options[at]); }
    else if (e.key === "Escape") { e.preventDefault(); e.stopPropagation(); close(); }
  }, true);
  document.addEventListener("focusout", (e) => { if (e.target === area) setTimeout(() => { if (document.activeElement !== area) close(); }, 150); });
})();
