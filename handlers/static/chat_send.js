// How the contact's messages go out. A message keeps its client id until it is accepted, so that sending
// it again is safe, and the device keeps it for the page that is opened next.
"use strict";
// page says what becomes of a message: append sets its line, settled that it was accepted, refused that
// its words will never be taken as they are.
const chatSending = (page) => {
  const { element, lineOf } = chatLines;
  const lines = document.getElementById("lines");
  const sending = [];
  const keep = () => chatKept.keepUnsent(sending.filter((s) => !s.done));
  const drop = (s) => {
    sending.splice(sending.indexOf(s), 1);
    keep();
  };

  const settle = (s) => {
    s.done = true;
    s.line.dataset.state = "sent";
    s.fate.textContent = "";
    clearTimeout(s.timer);
    keep();
    page.settled();
  };

  // claim finds the line that shows a message of the stream already.
  const claim = (message) => {
    const s = sending.find((s) => (s.id ? s.id === message.id : s.shown === message.text));
    if (!s) return false;
    drop(s);
    s.line.dataset.id = message.id;
    settle(s);
    return true;
  };

  // The stream may have shown the message before the answer to the post arrives, as when a post is
  // sent again after a lost answer.
  const accepted = (s, answer) => {
    s.id = answer.id;
    if (lines.querySelector(`[data-id="${CSS.escape(s.id)}"]`)) {
      s.line.remove();
      drop(s);
    }
    settle(s);
  };

  const refused = (s, words) => {
    drop(s);
    s.line.dataset.state = "failed";
    s.fate.textContent = words;
    page.refused(s.body.text || "");
  };

  const later = (s) => {
    s.tries += 1;
    if (s.tries <= 6) {
      s.fate.textContent = "网络不太好，正在重发…";
      s.timer = setTimeout(() => post(s), Math.min(15000, 800 * 2 ** s.tries));
      return;
    }
    s.line.dataset.state = "failed";
    const again = element("button", "again", "没有发出去，点这里重发");
    again.type = "button";
    again.addEventListener("click", () => { s.tries = 0; post(s); });
    s.fate.replaceChildren(again);
  };

  const post = async (s) => {
    clearTimeout(s.timer);
    s.timer = 0;
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
    return refused(s, (answer.error && answer.error.message) || "没有发出去");
  };

  const begin = (body, shown, at) => {
    const line = lineOf({
      from: "contact", time: new Date(at).toISOString(), text: shown, sources: [], replies: [],
    });
    const fate = element("p", "fate");
    fate.setAttribute("role", "status");
    line.append(fate);
    page.append(line);
    const s = { body, shown, at, line, fate, tries: 0, timer: 0 };
    sending.push(s);
    keep();
    post(s);
  };

  const newID = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  };
  const send = (body, shown) => begin({ ...body, client_id: newID() }, shown, Date.now());

  // retry sends at once what waits for the next try or was given up: the net is there again.
  const retry = () => {
    for (const s of sending) {
      if (s.done || (!s.timer && s.line.dataset.state === "sending")) continue;
      s.tries = 0;
      post(s);
    }
  };
  // resume sends what an earlier page could not.
  const resume = () => { for (const s of chatKept.unsent()) begin(s.body, s.shown, s.at); };

  return { send, claim, retry, resume };
};
