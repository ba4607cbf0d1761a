// Asked of every page by faces.py, in the page itself.
window.faces = (() => {
  "use strict";
  const PRESSED = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const name = (e) => `${e.tagName.toLowerCase()} "${(e.innerText || e.name || e.id).trim().slice(0, 40)}"`;
  const box = (e) => e.getBoundingClientRect();
  const visible = (e) => {
    const r = box(e);
    return e.checkVisibility() && r.width > 1 && r.height > 1 && r.bottom > 0 && !e.closest("[hidden], .hidden-text");
  };
  // A link in the middle of a sentence is as tall as the sentence.
  const inSentence = (e) => {
    if (e.tagName !== "A" || getComputedStyle(e).display !== "inline") return false;
    const around = e.closest("p, dd, li, td, th, caption, h1, h2, h3, blockquote, label, span") || e.parentElement;
    return around.textContent.trim().length > e.textContent.trim().length;
  };
  // What can be pressed with it: its label, its cell.
  const reach = (e) => [e, ...(e.labels || []), e.closest(".pick")].filter(Boolean).map(box);
  return {
    smallTargets: (tap) => [...document.querySelectorAll(PRESSED)].filter((e) => visible(e) && !inSentence(e)).flatMap((e) => {
      const height = Math.max(...reach(e).map((r) => r.height));
      const width = Math.max(...reach(e).map((r) => r.width));
      return height < tap - 0.5 || width < 24 ? [`${name(e)} ${Math.round(width)}x${Math.round(height)}`] : [];
    }),
    lostFocus: () => [...document.querySelectorAll(PRESSED)].filter((e) => visible(e) && !e.disabled).flatMap((e) => {
      e.focus();
      if (document.activeElement !== e) return [];
      const style = getComputedStyle(e);
      return style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2 ? [name(e)] : [];
    }),
    structure: () => {
      const copy = document.body.cloneNode(true);
      copy.querySelectorAll("[lang], code, kbd, script, noscript, input, textarea, .keep-lines").forEach((e) => e.remove());
      return {
        headings: document.querySelectorAll("h1").length,
        lang: document.documentElement.lang,
        title: document.title,
        text: copy.textContent,
      };
    },
    links: () => [...document.querySelectorAll("a[href]")].filter((a) => a.origin === location.origin).map((a) => a.pathname + a.search),
    overflow: () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
})();
