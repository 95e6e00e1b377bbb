// What a member of staff has typed and not sent is kept by conversation until it is sent, so that
// looking at another, signing in anew or losing the conversation for a while costs no words. It lasts as
// long as the tab, and nobody who signs in after is shown it.
"use strict";
const deskDraft = (() => {
  const { member } = document.body.dataset;
  const open = (document.body.dataset.here.match(/conversations\/(\d+)/) || [])[1];
  const key = (conversation) => `draft ${member} ${conversation}`;
  let storage = null;
  try { storage = window.sessionStorage; } catch { /* forbidden here: a draft lasts as long as the page */ }

  const keep = (words) => {
    try {
      if (words.trim()) storage.setItem(key(open), words);
      else storage.removeItem(key(open));
    } catch { /* no room */ }
  };
  const put = () => {
    const text = document.getElementById("text");
    if (!storage || !text) return;
    if (!text.value) text.value = storage.getItem(key(open)) || "";
    text.addEventListener("input", () => keep(text.value));
  };
  // mark shows in a list where words wait to be sent.
  const mark = (page) => {
    if (!storage) return;
    for (const item of page.querySelectorAll(".item")) {
      if (storage.getItem(key(item.dataset.id))) item.dataset.draft = "";
    }
  };

  put();
  mark(document);
  return { keep, put, mark };
})();
