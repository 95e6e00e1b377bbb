// The web chat's script. Without it the page works by plain forms; with it messages come and go by
// themselves.
"use strict";
(() => {
  const { lineOf, addDay } = chatLines;
  const lines = document.getElementById("lines");
  const thinking = document.getElementById("thinking");
  const mode = document.getElementById("mode");
  const offline = document.getElementById("offline");
  const newer = document.getElementById("newer");
  const say = document.getElementById("say");
  const text = document.getElementById("text");
  let after = Number(lines.dataset.after);

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
    if (message.from === "contact" && outgoing.claim(message)) return;
    const line = lineOf(message);
    chatCarry.offer(line);
    if (message.from !== "contact") {
      retireChoices();
      think(false);
    }
    append(line);
    if (atEnd) toLine(line);
    else tellBelow("有新回复 ↓");
  };

  const outgoing = chatSending({
    append,
    settled: () => {
      if (mode.dataset.state === "bot" || mode.dataset.state === "closed") think(true);
    },
    refused: (words) => { if (words && !text.value) write(words); }, // to be changed and sent again
  });
  window.addEventListener("online", () => outgoing.retry());
  const send = (body, shown) => {
    retireChoices();
    outgoing.send(body, shown);
    toEnd();
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
    write("");
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
  // What is typed is kept as it is typed; where no more fits into a message, that is told.
  const full = document.getElementById("full");
  const typed = () => {
    fit();
    full.hidden = text.value.length < text.maxLength;
    chatKept.set("draft", text.value);
  };
  const write = (words) => {
    text.value = words;
    typed();
  };
  text.addEventListener("input", typed);
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
    events.addEventListener("open", () => {
      clearTimeout(lost);
      lost = 0;
      offline.hidden = true;
      outgoing.retry();
    });
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
    chatKept.set("size", next);
  });

  window.addEventListener("scroll", () => { if (nearEnd()) newer.hidden = true; }, { passive: true });
  newer.addEventListener("click", further);
  setSize(sizes.find((name) => name === chatKept.get("size")) || "");
  for (const line of lines.querySelectorAll(".line")) chatCarry.offer(line);
  outgoing.resume();
  if (!text.value) write(chatKept.get("draft"));
  if (!thinking.hidden) think(true);
  if (lines.children.length) window.scrollTo(0, document.documentElement.scrollHeight);
  listen();
})();
