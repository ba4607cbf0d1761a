// The page around the verifier: takes a file (chosen, dropped, or fetched from where the page says), and says what was found.
(() => {
  "use strict";
  const dong = (n) => n.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ".");
  const vnDay = (day) => (day || "").split("-").reverse().join("/");
  document.querySelectorAll("[data-verify]").forEach((place) => {
    const words = (code) => place.querySelector(`[data-code="${code}"]`)?.innerHTML || "";
    const box = place.querySelector("[data-result]"), input = place.querySelector("input[type=file]");
    const drop = place.querySelector("[data-drop]"), button = place.querySelector("button[data-fetch]");
    place.querySelectorAll("[data-needs-script]").forEach((one) => { one.hidden = false; });

    function show(tone, lines) {
      box.className = `notice notice-${tone} breaks`;
      box.hidden = false;
      box.replaceChildren();
      const inner = document.createElement("div");
      for (const line of lines) { const p = document.createElement("p"); p.textContent = line; inner.append(p); }
      box.append(inner);
    }
    const plain = (code, values = {}) => {
      const text = document.createElement("textarea");
      text.innerHTML = words(code);
      return text.value.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? "");
    };
    async function check(text) {
      show("warn", [plain("working", { percent: 0 })]);
      const found = await globalThis.caunoiLedger.verify(text, (part) => show("warn", [plain("working", { percent: Math.round(part * 100) })]));
      if (!found.holds) { show("bad", [plain("broken"), plain(`why-${found.code}`, found)]); place.dataset.found = "broken"; return; }
      place.dataset.found = "holds";
      if (found.kind === "receipt") {
        const { line } = found;
        const values = { seq: dong(line.seq), amount: dong(line.amount), thing: line.source.commodity === "VND" ? "đồng" : line.source.commodity, on: vnDay(line.on), day: vnDay(found.day), root: found.root };
        show("ok", [plain("receipt", values), plain("root", values)]);
        return;
      }
      const money = (column) => dong(found.columns[column].VND || 0n);
      const values = { name: found.name || "", postings: dong(found.postings), roots: dong(found.roots), day: vnDay(found.day), link: found.link, received: money("received"), allocated: money("allocated"), delivered: money("delivered") };
      show("ok", [plain("journal", values), plain("sums", values), plain("link", values)]);
    }
    const read = async (file) => { if (file) await check(await file.text()); };
    input?.addEventListener("change", () => read(input.files[0]));
    drop?.addEventListener("dragover", (e) => e.preventDefault());
    drop?.addEventListener("drop", (e) => { e.preventDefault(); read(e.dataTransfer.files[0]); });
    button?.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const answer = await fetch(button.dataset.fetch);
        if (!answer.ok) throw new Error(String(answer.status));
        await check(await answer.text());
      } catch { show("warn", [plain("offline")]); }
      button.disabled = false;
    });
  });
})();
