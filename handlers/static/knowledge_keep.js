// What an editor has typed is kept until it is saved: when the session ends on the way, or the tab is
// left by mistake, the next look at the same item offers it again. It lasts as long as the tab, and nobody
// who signs in after is shown it.
"use strict";
(() => {
  const form = document.querySelector("form[data-keep]");
  const member = document.querySelector("[data-member]").dataset.member;
  let storage = null;
  try { storage = window.sessionStorage; } catch { return; /* forbidden here */ }
  const saving = `saving ${member}`;

  // What was on its way when the page changed is saved once a page says so.
  const sent = storage.getItem(saving);
  if (sent && document.querySelector(".done")) storage.removeItem(sent);
  storage.removeItem(saving);
  if (!form) return;

  const key = `edit ${member} ${form.action}`;
  const typed = () => JSON.stringify(Array.from(new FormData(form)));
  const keep = () => {
    try { storage.setItem(key, typed()); } catch { /* no room */ }
  };
  form.addEventListener("input", keep);
  form.addEventListener("submit", () => { keep(); storage.setItem(saving, key); });

  // fill sets the form as it was, with the version it was begun from, so that what others published
  // since is noticed when it is saved.
  const fill = (kept) => {
    for (const box of form.querySelectorAll("[type=checkbox]")) box.checked = false;
    for (const [name, value] of kept) {
      for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (control.type !== "checkbox") control.value = value;
        else if (control.value === value) control.checked = true;
      }
    }
    form.dispatchEvent(new Event("input"));
    for (const text of form.querySelectorAll("textarea")) text.dispatchEvent(new Event("input"));
  };
  // A page that answers a save shows what was typed itself, and on what it stands now.
  if (document.querySelector(".notice")) { keep(); return; }
  const kept = storage.getItem(key);
  if (!kept || kept === typed()) return;
  const note = document.createElement("p");
  note.className = "info";
  note.setAttribute("role", "status");
  note.textContent = "您上次有写到一半、没有保存的内容。";
  const offer = (words, act) => {
    const button = document.createElement("button");
    button.className = "quiet";
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", () => { act(); note.remove(); });
    note.append(" ", button);
  };
  offer("找回来", () => fill(JSON.parse(kept)));
  offer("不要了", () => storage.removeItem(key));
  form.before(note);
})();
