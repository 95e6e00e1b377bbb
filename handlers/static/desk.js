// The desk's script. Without it the desk works by plain forms; with it the page follows what happens,
// by loading itself again and putting the new parts in place of the old.
"use strict";
(() => {
  const by = (id) => document.getElementById(id);
  // A refused act leaves the page at the address of the act, which cannot be loaded again.
  const here = document.body.dataset.here;
  history.replaceState(null, "", here);

  // What is new is taken from the page as the server renders it now.
  let loading = false;
  let stale = false;
  const refresh = async () => {
    if (loading) { stale = true; return; }
    loading = true;
    try {
      const response = await fetch(here, { headers: { Accept: "text/html" } });
      if (response.redirected) { location.reload(); return; }
      if (response.ok) {
        place(new DOMParser().parseFromString(await response.text(), "text/html"));
      }
    } catch { /* the stream says so when the connection is lost */ } finally {
      loading = false;
    }
    if (stale) { stale = false; refresh(); }
  };

  const replace = (next, id) => {
    const old = by(id);
    const fresh = next.getElementById(id);
    if (!old || !fresh || old.innerHTML === fresh.innerHTML) return;
    old.replaceChildren(...fresh.childNodes);
  };

  const place = (next) => {
    deskDraft.mark(next);
    document.title = next.title;
    for (const id of ["tabs", "faults", "nothing"]) replace(next, id);
    placeQueue(next);
    if (!by("lines")) return;
    replace(next, "head");
    placeLines(next);
    const old = by("composer");
    const fresh = next.getElementById("composer");
    if (fresh && old.dataset.key !== fresh.dataset.key) {
      old.dataset.key = fresh.dataset.key;
      old.replaceChildren(...fresh.childNodes);
      by("notice").replaceChildren();
      deskDraft.put();
    }
  };

  const placeQueue = (next) => {
    const focused = document.activeElement && document.activeElement.dataset.id;
    replace(next, "queue");
    if (!focused) return;
    const again = by("queue").querySelector(`.item[data-id="${CSS.escape(focused)}"]`);
    if (again) again.focus();
  };

  const placeLines = (next) => {
    const scroll = by("scroll");
    const atEnd = scroll.scrollTop + scroll.clientHeight >= scroll.scrollHeight - 80;
    const open = new Set(
      Array.from(document.querySelectorAll(".turn[open]"), (t) => t.dataset.turn));
    for (const t of next.querySelectorAll(".turn")) t.open = open.has(t.dataset.turn);
    replace(next, "lines");
    if (atEnd) scroll.scrollTop = scroll.scrollHeight;
  };

  // The stream of changes, and the sound of somebody new in the queue or of a new word to answer. A word
  // that comes while its conversation is being read makes no sound.
  let known = null;
  const heard = ({ waiting, unanswered }) => {
    const read = document.hasFocus() && here.match(/conversations\/(\d+)/);
    const now = [...waiting, ...unanswered];
    const isNew = known && now.some((name) =>
      !known.has(name) && !(read && name.startsWith(read[1] + "/")));
    known = new Set(now);
    if (isNew) ring();
  };
  const events = new EventSource("/desk/events");
  let lost = 0;
  events.addEventListener("open", () => { clearTimeout(lost); lost = 0; by("live").hidden = true; });
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) location.reload();
    if (!lost) lost = setTimeout(() => { by("live").hidden = false; }, 4000);
  });
  events.addEventListener("changed", (event) => {
    heard(JSON.parse(event.data));
    refresh();
  });
  window.addEventListener("pagehide", () => events.close());
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // Two soft notes, made here so that no file has to be loaded. Browsers allow sound only after the
  // person has touched the page once.
  let audio = null;
  const memory = { get: () => null, set: () => {} };
  try {
    const storage = window.localStorage;
    memory.get = (name) => storage.getItem(name);
    memory.set = (name, v) => storage.setItem(name, v);
  } catch { /* storage is forbidden here: the choice lasts as long as the page */ }
  let muted = memory.get("sound") === "off";
  const note = (at, pitch) => {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.2, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.5);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.55);
  };
  const ring = () => {
    if (muted) return;
    audio = audio || new AudioContext();
    audio.resume().then(() => {
      note(audio.currentTime, 660);
      note(audio.currentTime + 0.18, 880);
    }).catch(() => {});
  };
  const sound = by("sound");
  const showSound = () => {
    sound.textContent = muted ? "提示音：关" : "提示音：开";
    sound.setAttribute("aria-pressed", String(!muted));
  };
  sound.hidden = false;
  showSound();
  sound.addEventListener("click", () => {
    muted = !muted;
    memory.set("sound", muted ? "off" : "on");
    showSound();
    ring();
  });

  // A reply keeps its client id until it is taken, so that sending it again is safe.
  const newID = () => crypto.getRandomValues(new Uint32Array(4)).join("-");
  let sending = false;
  const reply = async (form) => {
    const text = form.elements.text;
    const file = form.elements.file;
    const enclosed = file && file.files.length > 0;
    if (sending || (!text.value.trim() && !enclosed)) return;
    const fate = by("fate");
    if (enclosed && file.files[0].size > 20 * 1024 * 1024) {
      fate.textContent = "文件太大了，不能超过 20 MB。";
      return;
    }
    sending = true;
    const button = form.querySelector("button");
    button.disabled = true;
    fate.textContent = "";
    try {
      const response = await fetch(form.action, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: enclosed ? new FormData(form) : new URLSearchParams({
          client_id: form.elements.client_id.value, text: text.value,
        }),
      });
      if (response.ok) {
        text.value = "";
        deskDraft.keep("");
        if (file) file.value = "";
        form.elements.client_id.value = newID();
        by("scroll").scrollTop = by("scroll").scrollHeight;
        refresh();
      } else {
        const answer = await response.json().catch(() => ({}));
        fate.textContent = (answer.error && answer.error.message) || "没有发出去，请再试一次。";
        if (response.status === 409) refresh();
      }
    } catch {
      fate.textContent = "网络断了，没有发出去，请再点一次发送。";
    } finally {
      sending = false;
      button.disabled = false;
      text.focus();
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.id === "say") {
      event.preventDefault();
      reply(form);
      return;
    }
    const button = form.querySelector("button");
    if (button && button.dataset.busy) button.textContent = button.dataset.busy;
    if (button) setTimeout(() => { button.disabled = true; });
  });

  // Keys. In the text only Ctrl+Enter and Escape mean something. What changes who is in charge after a
  // takeover asks for Shift, so that nothing is given away by typing beside the text. They can be
  // switched off, for those whose voice or hand makes keys by accident.
  const items = () => Array.from(document.querySelectorAll(".item"));
  const move = (step) => {
    const all = items();
    if (!all.length) return;
    const now = all.findIndex((i) => i === document.activeElement);
    const from = now >= 0 ? now : all.findIndex((i) => i.hasAttribute("aria-current"));
    all[Math.min(all.length - 1, Math.max(0, from + step))].focus();
  };
  const submit = (id) => { if (by(id)) by(id).requestSubmit(); };
  const tab = (n) => { const all = by("tabs").querySelectorAll("a"); if (all[n]) all[n].click(); };
  const keys = {
    j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1),
    n: () => { if (by("next")) by("next").click(); },
    t: () => submit("takeover"),
    r: () => { if (by("text")) by("text").focus(); },
    B: () => submit("release"), E: () => submit("close"),
    1: () => tab(0), 2: () => tab(1), 3: () => tab(2), 4: () => tab(3),
  };
  let keysOff = memory.get("keys") === "off";
  const keysSwitch = by("keys-switch");
  const showKeys = () => {
    keysSwitch.textContent = keysOff ? "快捷键：关" : "快捷键：开";
    keysSwitch.setAttribute("aria-pressed", String(!keysOff));
    by("keys").hidden = keysOff;
  };
  keysSwitch.hidden = false;
  showKeys();
  keysSwitch.addEventListener("click", () => {
    keysOff = !keysOff;
    memory.set("keys", keysOff ? "off" : "on");
    showKeys();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("textarea, input");
    if (typing) {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        typing.form.requestSubmit();
      }
      if (event.key === "Escape") typing.blur();
      return;
    }
    const arrow = event.key.startsWith("Arrow");
    if (keysOff && !arrow) return;
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    if (arrow && !event.target.closest(".side")) return;
    event.preventDefault();
    keys[event.key]();
  });

  if (by("scroll")) by("scroll").scrollTop = by("scroll").scrollHeight;
  if (by("text") && !matchMedia("(pointer: coarse)").matches) by("text").focus({ preventScroll: true });
  setInterval(refresh, 60000);
})();
