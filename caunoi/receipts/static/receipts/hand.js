// Takes the words of a notice along: copies them, or hands words and pictures to the phone's share sheet. The page works without it.
(() => {
  "use strict";
  const words = (button, name) => document.getElementById(button.dataset[name]);

  document.querySelectorAll("[data-copy]").forEach((button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const box = words(button, "copy");
      try {
        await navigator.clipboard.writeText(box.value);
        button.lastElementChild.textContent = button.dataset.done;
      } catch {
        box.focus();
        box.select();
      }
    });
  });

  // Pictures and sounds are fetched when the page is idle, because a share sheet opens only at once after a tap.
  const files = new Map();
  const fetched = async (thing) => {
    const answer = await fetch(thing.src || thing.href);
    const blob = await answer.blob();
    return new File([blob], thing.download || thing.parentElement.download || "anh.webp", { type: blob.type });
  };
  document.querySelectorAll("[data-share-words]").forEach((button) => {
    if (!navigator.share) return;
    button.hidden = false;
    const pictures = [...document.querySelectorAll(`[data-picture="${button.dataset.pictures}"]`)];
    if (pictures.length && navigator.canShare) {
      Promise.all(pictures.map(fetched)).then((found) => {
        if (navigator.canShare({ files: found })) files.set(button, found);
      }).catch(() => {});
    }
    button.addEventListener("click", () => {
      const text = words(button, "shareWords").value;
      const shared = { title: button.dataset.shareTitle, text };
      if (files.has(button)) shared.files = files.get(button);
      navigator.share(shared).catch(() => {});
    });
  });
})();
