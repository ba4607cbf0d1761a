// Shows what a followed answer has to say, and opens its page; an address elsewhere is never opened.
// needs: kit/mark.svg
self.addEventListener("push", (event) => {
  let news = {};
  try { news = event.data.json(); } catch { return; }
  const shown = { body: news.body || "", tag: news.tag || "answer", icon: house.file("kit/mark.svg"), lang: "vi", data: { url: news.url, stop: news.stop },
    actions: news.stop ? [{ action: "stop", title: "Thôi nhận tin" }] : [] };
  event.waitUntil(self.registration.showNotification(news.title || "Cầu Nối", shown));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  if (event.action === "stop") {
    const stop = new URL(event.notification.data.stop, self.location.origin);
    if (stop.origin === self.location.origin) event.waitUntil(fetch(stop.href, { method: "POST", credentials: "omit" }));
    return;
  }
  const address = new URL(event.notification.data?.url || "/", self.location.origin);
  if (address.origin === self.location.origin) event.waitUntil(self.clients.openWindow(address.href));
});
