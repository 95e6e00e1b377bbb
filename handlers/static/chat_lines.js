// How a message is set as a line of the talk, for lines that come while the page is open; the server
// sets those that were there before in the same way. Everything is set as text, never as markup.
"use strict";
const chatLines = (() => {
  const writers = { contact: "我", bot: "智能助手", staff: "工作人员", system: "提示" };
  const dayLength = 24 * 60 * 60 * 1000;

  // China keeps UTC+8 all year: shifted by it, the UTC parts of a date are what the clock there says.
  const inChina = (time) => new Date(time.getTime() + 8 * 60 * 60 * 1000);
  const clock = (time) => inChina(time).toISOString().slice(11, 16);
  const dayName = (time) => {
    const day = inChina(time).toISOString().slice(0, 10);
    const now = new Date();
    if (day === inChina(now).toISOString().slice(0, 10)) return "今天";
    if (day === inChina(new Date(now.getTime() - dayLength)).toISOString().slice(0, 10)) return "昨天";
    const [year, month, date] = day.split("-").map(Number);
    const thisYear = inChina(now).getUTCFullYear();
    return (year === thisYear ? "" : year + "年") + month + "月" + date + "日";
  };

  const element = (name, className, content) => {
    const e = document.createElement(name);
    if (className) e.className = className;
    if (content) e.textContent = content;
    return e;
  };

  const phonesIn = (label, line) => {
    const form = /[0-9][0-9-]+[0-9]/g;
    const found = [];
    const called = label === "电话：" ? /.+/g : /打[0-9][0-9-]+[0-9](?:或[0-9][0-9-]+[0-9])?/g;
    for (const part of line.matchAll(called)) {
      for (const phone of part[0].matchAll(form)) {
        found.push({ at: part.index + phone.index, number: phone[0] });
      }
    }
    return found;
  };

  // papersIn are the papers of a line that names nothing else, as the server tells them apart: the
  // marks within brackets divide none.
  const papersIn = (line) => {
    const list = line.trim().replace(/。$/, "");
    if (/[。；]/.test(list)) return [];
    const papers = list.split(/、(?![^（《“]*[）》”])/);
    return papers.length > 1 && papers.every((paper) => paper.trim()) ? papers : [];
  };
  const papersOf = (label, papers) => {
    const box = element("div", "text row");
    const list = element("ul", "papers");
    list.append(...papers.map((paper) => element("li", "", paper)));
    box.append(element("b", "", label), list);
    return box;
  };

  // The labels of a reply stand out, and a number that is named to be called can be tapped, as on the
  // page that the server makes. People's own words keep their shape.
  const textOf = (message) => {
    if (message.from !== "bot") {
      return message.text.split(/\n[\t ]*(?:\n[\t ]*)+/).map((part) => element("p", "text", part));
    }
    return message.text.split("\n").filter((line) => line.trim()).map((line) => {
      const label = (/^\p{Script=Han}{2,6}：/u.exec(line) || [""])[0];
      const papers = label === "要带：" ? papersIn(line.slice(label.length)) : [];
      if (papers.length) return papersOf(label, papers);
      const p = element("p", label ? "text row" : "text");
      if (label) p.append(element("b", "", label));
      let at = label.length;
      for (const phone of phonesIn(label, line)) {
        const call = element("a", "call", phone.number);
        call.href = "tel:" + phone.number;
        p.append(line.slice(at, phone.at), call);
        p.classList.add("calls");
        at = phone.at + phone.number.length;
      }
      p.append(line.slice(at));
      return p;
    });
  };

  const sourcesOf = (sources) => {
    const box = element("div", "sources");
    box.append(element("p", "sources-name", "依据"));
    const list = element("ul");
    for (const s of sources) {
      const item = element("li", "", s.title);
      item.append(element("span", "article", s.article));
      if (s.in_force) item.append(" ", element("span", "", s.in_force));
      list.append(item);
    }
    box.append(list);
    return box;
  };

  // A place, a page, a file: something to be opened.
  const opened = (url, name, note) => {
    const p = element("p", "opens");
    const link = url ? element("a") : p;
    if (url) {
      link.href = url;
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      p.append(link);
    }
    link.append(element("b", "", name));
    if (note) link.append(element("span", "", note));
    return p;
  };
  const fileOf = (media) => {
    const p = opened(media.url, media.text);
    const link = p.querySelector("a");
    if (link && media.show === "picture") {
      const picture = element("img");
      picture.src = media.url;
      picture.alt = "工作人员发来的图片";
      link.replaceChildren(picture);
    } else if (link) {
      link.removeAttribute("target");
      link.download = "";
    }
    return p;
  };

  const choicesOf = (message) => {
    const form = element("form", "choices");
    form.method = "post";
    form.action = "/chat/messages";
    form.dataset.say = "";
    for (const r of message.replies) {
      const button = element("button", "choice", r.text);
      button.name = "reply";
      button.value = r.id;
      form.append(button);
    }
    return form;
  };

  const lineOf = (message) => {
    const line = document.getElementById("line-template").content.cloneNode(true).querySelector("li");
    const time = new Date(message.time);
    line.dataset.from = message.from;
    line.dataset.time = message.time;
    if (message.id) line.dataset.id = message.id;
    line.querySelector(".who").textContent = writers[message.from] || "";
    line.querySelector("time").textContent = clock(time);
    line.querySelector("time").dateTime = message.time;
    const bubble = line.querySelector(".bubble");
    bubble.append(...textOf(message));
    for (const item of message.items || []) bubble.append(opened(item.url, item.text, item.note));
    if (message.media) bubble.append(fileOf(message.media));
    if (message.sources.length) bubble.append(sourcesOf(message.sources));
    if (message.replies.length) line.append(choicesOf(message));
    return line;
  };

  // A day begins with a heading.
  const addDay = (lines, line) => {
    const all = lines.querySelectorAll(".line");
    const last = all[all.length - 1];
    const day = dayName(new Date(line.dataset.time));
    if (last && dayName(new Date(last.dataset.time)) === day) return;
    const heading = element("li", "day");
    heading.append(element("span", "", day));
    lines.append(heading);
  };

  return { element, lineOf, addDay };
})();
