// What a phone keeps of questions: one draft as it is typed, and questions that wait for the network. Used by the ask pages
// and by the service worker. After sending only number and code stay, until somebody deletes them or a week has passed.
self.askOutbox = (() => {
  "use strict";
  const WEEK = 7 * 24 * 3600 * 1000;
  const done = (request) => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = () => no(request.error); });
  const open = () => {
    const request = indexedDB.open("caunoi-ask", 1);
    request.onupgradeneeded = () => { request.result.createObjectStore("kept"); };
    return done(request);
  };
  const store = async (mode, act) => {
    const base = await open();
    try { return await done(act(base.transaction("kept", mode).objectStore("kept"))); } finally { base.close(); }
  };
  const get = (key) => store("readonly", (s) => s.get(key));
  const put = (key, value) => store("readwrite", (s) => s.put(value, key));
  const drop = (key) => store("readwrite", (s) => s.delete(key));
  const all = async () => {
    const found = await store("readonly", (s) => s.getAll());
    return found.filter((one) => one && one.key).sort((a, b) => a.at - b.at);
  };
  const mark = () => (crypto.randomUUID ? crypto.randomUUID() : Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join(""));

  // Hands one question in. A broken line leaves it waiting; a refusal keeps it with the reason.
  const sendOne = async (one) => {
    const token = await (await fetch("/hoi/gui/", { credentials: "same-origin", cache: "no-store" })).json();
    const body = new FormData();
    Object.entries(one.fields).forEach(([name, value]) => body.append(name, value));
    body.set("form_key", one.key);
    (one.photos || []).forEach((photo, n) => body.append("photos", photo, `anh-${n + 1}`));
    if (one.voice) body.append("voice", one.voice, "ghi-am");
    const answer = await fetch("/hoi/gui/", { method: "POST", body, credentials: "same-origin", headers: { "X-CSRFToken": token.csrf } });
    if (answer.ok) {
      const slip = await answer.json();
      await put(one.key, { key: one.key, at: one.at, state: "sent", sentAt: Date.now(), ...slip });
      return true;
    }
    if (answer.status !== 422) throw new Error(`answered ${answer.status}`);
    const { errors } = await answer.json();
    await put(one.key, { ...one, state: "wrong", why: Object.values(errors).flat().join(" ") });
    return false;
  };

  const sendWaiting = async () => {
    let left = 0;
    for (const one of await all()) {
      if (one.state === "sent" && Date.now() - one.sentAt > WEEK) await drop(one.key);
      if (one.state === "waits") await sendOne(one).catch(() => { left += 1; });
    }
    return left;
  };

  return {
    all, drop, mark,
    // Page and worker never send at the same time; where the browser has no locks the mark of the sending keeps it one case.
    sendAll: () => (self.navigator.locks ? self.navigator.locks.request("caunoi-ask", sendWaiting) : sendWaiting()),
    keep: (one) => put(one.key, { ...one, state: "waits", at: Date.now() }),
    draft: () => get("draft"),
    saveDraft: (draft) => put("draft", draft),
    dropDraft: () => drop("draft"),
    place: () => get("place"),
    savePlace: (place) => put("place", place),
    forget: () => store("readwrite", (s) => s.clear()),
  };
})();
