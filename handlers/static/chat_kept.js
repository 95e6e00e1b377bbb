// What this device keeps of the web chat while the page is away: what was typed and not sent, what was
// sent and not accepted, and the size of letters. A page that is closed, or thrown away by a phone short
// of memory, loses none of it. Where storage is forbidden, all lasts as long as the page.
"use strict";
const chatKept = (() => {
  const aDay = 24 * 60 * 60 * 1000;
  const page = new Map();
  let storage = null;
  try { storage = window.localStorage; } catch { /* forbidden here */ }
  const get = (name) => (storage ? storage.getItem(name) : page.get(name)) || "";
  const set = (name, value) => {
    try {
      if (!storage) page.set(name, value);
      else if (value) storage.setItem(name, value);
      else storage.removeItem(name);
    } catch { /* the storage is full: the words stay on the page */ }
  };

  // unsent gives back what was sent and not accepted within the last day; anything older is not sent
  // by itself any more.
  const unsent = () => {
    let kept = [];
    try { kept = JSON.parse(get("unsent") || "[]"); } catch { /* not written by this page */ }
    return kept.filter((s) => Date.now() - s.at < aDay);
  };
  const keepUnsent = (sending) => set("unsent", sending.length
    ? JSON.stringify(sending.map(({ body, shown, at }) => ({ body, shown, at }))) : "");

  return { get, set, unsent, keepUnsent };
})();
