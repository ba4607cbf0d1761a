// Following in this browser. The permission is asked for only after a tap; without a push service the box stays hidden.
(() => {
  "use strict";
  const box = document.querySelector("[data-push]");
  if (!box || !("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return;
  const said = box.querySelector("[data-push-said]");
  const off = box.querySelector("[data-push-off]");
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const word = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const send = async (address, fields) => {
    const form = new FormData(box.querySelector("[data-push-form]"));
    Object.entries(fields).forEach(([name, value]) => form.set(name, value));
    const answer = await fetch(address, { method: "POST", body: form });
    said.textContent = (await answer.json()).said;
    return answer.ok;
  };
  const registered = async () => (await navigator.serviceWorker.getRegistration("/sw.js"))?.pushManager.getSubscription();
  box.hidden = false;
  registered().then((found) => { off.hidden = !found; }).catch(() => {});
  box.querySelector("[data-push-form]").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      if (await Notification.requestPermission() !== "granted") { said.textContent = said.dataset.refused; return; }
      await navigator.serviceWorker.register("/sw.js");
      const worker = await navigator.serviceWorker.ready;
      const found = await worker.pushManager.getSubscription()
        || await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(box.dataset.key) });
      off.hidden = !await send(box.dataset.keep, { endpoint: found.endpoint, p256dh: word(found.getKey("p256dh")), auth: word(found.getKey("auth")) });
    } catch { said.textContent = said.dataset.failed; }
  });
  off.addEventListener("click", async () => {
    const found = await registered();
    if (!found) return;
    if (await send(box.dataset.stop, { endpoint: found.endpoint })) { await found.unsubscribe(); off.hidden = true; }
  });
})();
