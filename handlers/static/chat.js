// The web chat's script. Without it the page works by plain forms; with it messages come and go by
// themselves.
"use strict";
(() => {
  const { element, lineOf, addDay } = chatLines;
  const lines = document.getElementById("lines");
  const thinking = document.getElementById("thinking");
  const mode = document.getElementById("mode");
  const offline = document.getElementById("offline");
  const newer = document.getElementById("newer");
  const say = document.getElementById("say");
  const text = document.getElementById("text");
  let after = Number(lines.dataset.after);

  const newID = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  };

  const nearEnd = () =>
    window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 160;
  const toEnd = () => {
    window.scrollTo(0, document.documentElement.scrollHeight);
    newer.hidden = true;
  };

  // A long answer is read from its beginning, so it is brought to the top rather than its end, and the
  // page says that it goes on below.
  const room = () => window.innerHeight - document.querySelector(".top").offsetHeight -
    document.querySelector(".bottom").offsetHeight;
  const toLine = (line) => {
    if (line.offsetHeight < room()) return toEnd();
    const top = document.querySelector(".top").offsetHeight;
    window.scrollTo(0, line.getBoundingClientRect().top + window.scrollY - top - 8);
    tellBelow("往下看 ↓");
    return undefined;
  };
  const tellBelow = (words) => {
    newer.textContent = words;
    newer.hidden = false;
  };
  // One screen at a time, less a line by which the reader finds the place again.
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const further = () => window.scrollBy({
    top: room() - 2 * rem(), behavior: still.matches ? "auto" : "smooth",
  });

  const append = (line) => {
    addDay(lines, line);
    lines.append(line);
  };

  // Where a finger points, giving the text the focus would open a keyboard over the page.
  const keyboard = () => !matchMedia("(pointer: coarse)").matches;

  // Only the latest choices can be tapped: older ones belong to a question that has passed.
  const retireChoices = () => {
    const past = document.querySelectorAll(".choices, .starters");
    if (Array.from(past).some((form) => form.contains(document.activeElement)) && keyboard()) text.focus();
    for (const form of past) form.remove();
  };

  let waiting = 0;
  const think = (on) => {
    clearTimeout(waiting);
    thinking.hidden = !on;
    if (on) waiting = setTimeout(() => { thinking.hidden = true; }, 40000);
  };

  const show = (message) => {
    if (lines.querySelector(`[data-id="${CSS.escape(message.id)}"]`)) return;
    const atEnd = nearEnd();
    const line = lineOf(message);
    const pending = message.from === "contact" && takePending(message);
    if (pending) return;
    if (message.from !== "contact") {
      retireChoices();
      think(false);
    }
    append(line);
    if (atEnd) toLine(line);
    else tellBelow("有新回复 ↓");
  };

  // Sending. A message keeps its client id until it is accepted, so that sending it again is safe.
  const sending = [];

  const takePending = (message) => {
    const i = sending.findIndex((s) =>
      s.id ? s.id === message.id : s.shown === message.text);
    if (i < 0) return false;
    const s = sending.splice(i, 1)[0];
    s.line.dataset.id = message.id;
    settle(s);
    return true;
  };

  const settle = (s) => {
    s.done = true;
    s.line.dataset.state = "sent";
    s.fate.textContent = "";
    clearTimeout(s.timer);
    if (mode.dataset.state === "bot" || mode.dataset.state === "closed") think(true);
  };

  const failed = (s, words, final) => {
    s.line.dataset.state = "failed";
    s.fate.textContent = "";
    if (final) {
      s.fate.append(element("span", "", words));
      return;
    }
    const again = element("button", "again", words + "，点这里重发");
    again.type = "button";
    again.addEventListener("click", () => { s.tries = 0; post(s); });
    s.fate.append(again);
  };

  const later = (s) => {
    s.tries += 1;
    if (s.tries > 6) return failed(s, "没有发出去", false);
    s.fate.textContent = "网络不太好，正在重发…";
    s.timer = setTimeout(() => post(s), Math.min(15000, 800 * 2 ** s.tries));
  };

  // The stream may have shown the message before the answer to the post arrives, as when a post is
  // sent again after a lost answer.
  const accepted = (s, answer) => {
    s.id = answer.id;
    if (lines.querySelector(`[data-id="${CSS.escape(s.id)}"]`)) {
      s.line.remove();
      sending.splice(sending.indexOf(s), 1);
    }
    settle(s);
  };

  const post = async (s) => {
    s.line.dataset.state = "sending";
    s.fate.textContent = "正在发送…";
    let response;
    try {
      response = await fetch("/chat/messages", {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify(s.body),
      });
    } catch {
      return s.done ? undefined : later(s);
    }
    const answer = await response.json().catch(() => ({}));
    if (s.done) return undefined; // the stream was quicker
    if (response.ok) return accepted(s, answer);
    if (response.status >= 500) return later(s);
    return failed(s, (answer.error && answer.error.message) || "没有发出去", true);
  };

  const send = (body, shown) => {
    retireChoices();
    const line = lineOf({
      from: "contact", time: new Date().toISOString(), text: shown, sources: [], replies: [],
    });
    const fate = element("p", "fate");
    fate.setAttribute("role", "status");
    line.append(fate);
    append(line);
    toEnd();
    const s = { body: { ...body, client_id: newID() }, shown, line, fate, tries: 0 };
    sending.push(s);
    post(s);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.say === undefined) return;
    event.preventDefault();
    const button = event.submitter;
    if (button && button.name === "reply") return send({ reply: button.value }, button.textContent);
    if (button && button.name === "text") return send({ text: button.value }, button.value);
    const words = text.value.trim();
    if (!words) return undefined;
    text.value = "";
    fit();
    if (!keyboard()) text.blur(); // the keyboard would hide the answer
    send({ text: words }, words);
    return undefined;
  });

  const fit = () => {
    text.style.height = "auto";
    if (!text.value) { text.style.height = ""; return; }
    text.style.height = Math.min(text.scrollHeight + 3, 9.5 * rem()) + "px";
  };
  const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
  text.addEventListener("input", fit);
  // Enter sends, Shift+Enter makes a line. The key is read where the line break would be made, since
  // the keyboards of phones do not tell of keys.
  let shifted = false;
  text.addEventListener("keydown", (event) => { shifted = event.shiftKey; });
  text.addEventListener("beforeinput", (event) => {
    if (event.inputType !== "insertLineBreak" || shifted || event.isComposing) return;
    event.preventDefault();
    say.requestSubmit();
  });

  // The stream. The browser connects again by itself and says where it was; where it gives up, after
  // an answer that is no stream, a new one is opened.
  const listen = () => {
    const events = new EventSource("/chat/events?after=" + after);
    let lost = 0;
    events.addEventListener("open", () => { clearTimeout(lost); lost = 0; offline.hidden = true; });
    events.addEventListener("error", () => {
      if (!lost) lost = setTimeout(() => { offline.hidden = false; }, 4000);
      if (events.readyState !== EventSource.CLOSED) return;
      clearTimeout(lost);
      offline.hidden = false;
      setTimeout(listen, 4000);
    });
    events.addEventListener("message", (event) => {
      after = Math.max(after, Number(event.lastEventId));
      show(JSON.parse(event.data));
    });
    events.addEventListener("state", (event) => {
      const now = JSON.parse(event.data);
      mode.dataset.state = now.state;
      mode.textContent = now.words;
      if (now.state === "queued" || now.state === "staff") think(false);
    });
    window.addEventListener("pagehide", () => events.close(), { once: true });
  };
  window.addEventListener("pageshow", (event) => { if (event.persisted) listen(); });

  // The size of letters, kept on this device.
  const sizes = ["", "large", "huge"];
  const sizeWords = ["字大些", "再大些", "字小些"];
  const size = document.getElementById("size");
  const setSize = (name) => {
    if (name) document.documentElement.dataset.size = name;
    else delete document.documentElement.dataset.size;
    size.textContent = sizeWords[sizes.indexOf(name)];
    fit();
  };
  const stored = { get: () => "", set: () => {} };
  try {
    const storage = window.localStorage;
    stored.get = () => sizes.find((name) => name === storage.getItem("size")) || "";
    stored.set = (name) => storage.setItem("size", name);
  } catch { /* storage is forbidden here: the size lasts as long as the page */ }
  // The line that is being read stays where it is while all lines change their size.
  const keepingPlace = (change) => {
    const top = document.querySelector(".top").offsetHeight;
    const line = Array.from(lines.querySelectorAll(".line"))
      .find((l) => l.getBoundingClientRect().bottom > top);
    const end = nearEnd();
    const before = line ? line.getBoundingClientRect().top - top : 0;
    change();
    if (end) return toEnd();
    if (!line) return undefined;
    const shift = line.getBoundingClientRect().top - document.querySelector(".top").offsetHeight;
    window.scrollBy(0, shift - before);
    return undefined;
  };
  size.hidden = false;
  size.addEventListener("click", () => {
    const now = document.documentElement.dataset.size || "";
    const next = sizes[(sizes.indexOf(now) + 1) % sizes.length];
    keepingPlace(() => setSize(next));
    stored.set(next);
  });

  window.addEventListener("scroll", () => { if (nearEnd()) newer.hidden = true; }, { passive: true });
  newer.addEventListener("click", further);
  setSize(stored.get());
  if (!thinking.hidden) think(true);
  if (lines.children.length) window.scrollTo(0, document.documentElement.scrollHeight);
  listen();
})();
