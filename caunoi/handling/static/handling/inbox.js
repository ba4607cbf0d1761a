// The case beside the list, on screens wide enough for both; without this file a row simply opens the case's own page.
(() => {
  "use strict";
  const pane = document.querySelector(".inbox-read");
  if (!pane || !window.htmx) return;
  const wide = () => pane.offsetParent !== null;
  const address = (number) => {
    const url = new URL(location.href);
    if (number) url.searchParams.set("vu", number); else url.searchParams.delete("vu");
    return url;
  };
  const mark = (number) => document.querySelectorAll(".mail").forEach((row) => {
    if (row.dataset.number !== number) { row.removeAttribute("aria-current"); return; }
    row.setAttribute("aria-current", "true");
    row.closest(".mail-row").classList.remove("mail-new");
  });
  const open = (row, push) => {
    const number = row.dataset.number;
    mark(number);
    if (push) history.pushState({ vu: number }, "", address(number));
    htmx.ajax("GET", row.href, { target: "#case", swap: "outerHTML show:none" }).then(() => { pane.scrollTop = 0; });
  };
  document.addEventListener("click", (e) => {
    const row = e.target.closest(".mail");
    if (!row || !wide() || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
    e.preventDefault();
    open(row, true);
  });
  window.addEventListener("popstate", () => {
    const number = new URL(location.href).searchParams.get("vu");
    const row = number && document.querySelector(`.mail[data-number="${CSS.escape(number)}"]`);
    if (row && wide()) open(row, false); else location.reload();
  });
  // A form in the case beside the list stays there; what leads elsewhere opens as a page.
  pane.addEventListener("submit", (e) => {
    const form = e.target;
    const action = (e.submitter && e.submitter.getAttribute("formaction")) || form.getAttribute("action") || "";
    if (form.method !== "post" || form.enctype.startsWith("multipart") || !action.startsWith("/vu-viec/") || form.hasAttribute("hx-post")) return;
    e.preventDefault();
    const values = e.submitter && e.submitter.name ? { [e.submitter.name]: e.submitter.value } : {};
    htmx.ajax("POST", action, { source: form, target: "#case", swap: "outerHTML show:none", values });
  });
  document.body.addEventListener("htmx:beforeSwap", (e) => {
    const path = new URL(e.detail.xhr.responseURL || location.href, location.href).pathname;
    if (e.detail.target.id === "case" && !path.startsWith("/vu-viec/")) { e.detail.shouldSwap = false; location.href = path; }
  });
})();

// When the counts come, a view on a phone that holds nothing goes; whoever stood on it stands on the first one then.
(() => {
  "use strict";
  const inside = () => document.activeElement.closest("#inbox-pills");
  let stood = false;
  document.body.addEventListener("htmx:beforeSwap", () => { stood = !!inside(); });
  document.body.addEventListener("htmx:afterSettle", () => {
    const first = stood && !inside() && document.querySelector("#inbox-pills a");
    stood = false;
    if (first) first.focus();
  });
})();
