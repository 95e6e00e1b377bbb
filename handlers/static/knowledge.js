// The script of the pages about the knowledge. Everything works without it; it only helps on the way.
"use strict";
(() => {
  // Enter sends a short question, Shift+Enter begins a new line; Ctrl+Enter sends from anywhere.
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("textarea, input");
    if (!typing || !typing.form || event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || (typing.dataset.enter !== undefined && !event.shiftKey)) {
      event.preventDefault();
      typing.form.requestSubmit();
    }
  });

  // A form that takes its time says so and is not sent twice.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const button = event.submitter || event.target.querySelector("button");
    if (!button) return;
    setTimeout(() => {
      button.disabled = true;
      if (event.target.dataset.busy) button.textContent = event.target.dataset.busy;
    });
  });
  // What was typed and not saved is not left by mistake.
  const kept = document.querySelector("form[data-keep]");
  if (kept) {
    let changed = Boolean(document.querySelector(".notice"));
    kept.addEventListener("input", () => { changed = true; });
    kept.addEventListener("submit", () => { changed = false; });
    window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  }

  // The catalogue is filtered as soon as something else is chosen.
  for (const choice of document.querySelectorAll("select[data-now]")) {
    choice.addEventListener("change", () => choice.form.requestSubmit());
  }

  // Characters are counted as they are typed, as the server counts them.
  for (const count of document.querySelectorAll("[data-count]")) {
    const text = document.getElementById(count.dataset.count);
    const most = Number(count.dataset.most);
    const show = () => {
      const length = Array.from(text.value.trim()).length;
      count.textContent = `${length} / ${most} 字`;
      count.classList.toggle("over", length > most);
    };
    text.addEventListener("input", show);
    show();
  }

  // How the citations will read.
  const cites = document.getElementById("cites");
  const typed = document.getElementById("f-cites");
  if (cites && typed) {
    let waiting = 0;
    let asked = 0;
    const show = async () => {
      const turn = ++asked;
      try {
        const response = await fetch("/desk/knowledge/entry/cites", {
          method: "POST",
          headers: { Accept: "application/json" },
          body: new URLSearchParams({ cites: typed.value }),
        });
        if (!response.ok || turn !== asked) return;
        const { lines } = await response.json();
        cites.replaceChildren(...(lines || []).map((line) => {
          const item = document.createElement("li");
          item.textContent = (line.reads || line.typed) + (line.wrong ? ` —— ${line.wrong}` : "");
          item.classList.toggle("wrong", Boolean(line.wrong));
          return item;
        }));
      } catch { /* the server checks again when the draft is saved */ }
    };
    typed.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(show, 400); });
  }

  // Files go up one at a time, each with its progress and its result.
  const upload = document.getElementById("import");
  if (upload) {
    const results = document.getElementById("results");
    const list = results.querySelector(".uploads");
    const row = (file) => {
      const made = document.getElementById("upload").content.firstElementChild.cloneNode(true);
      made.querySelector("strong").textContent = file.name;
      list.append(made);
      return made;
    };
    const finish = (made, outcome) => {
      made.querySelector("progress").remove();
      made.dataset.outcome = outcome.outcome;
      const words = made.querySelector(".words");
      words.textContent = outcome.words + " ";
      if (outcome.address) {
        const link = document.createElement("a");
        link.href = outcome.address;
        link.textContent = outcome.title || "打开";
        words.append(link);
      }
      if (!outcome.doubts) return;
      const doubts = document.createElement("ul");
      doubts.className = "fine";
      for (const doubt of outcome.doubts) {
        doubts.append(Object.assign(document.createElement("li"), { textContent: doubt }));
      }
      made.append(doubts);
    };
    const failed = (words) => ({ outcome: "failed", words });
    const send = (file, made) => new Promise((done) => {
      const bar = made.querySelector("progress");
      const words = made.querySelector(".words");
      const request = new XMLHttpRequest();
      request.open("POST", upload.action);
      request.setRequestHeader("Accept", "application/json");
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => {
        bar.value = 100 * event.loaded / event.total;
        words.textContent = "正在上传…";
      });
      request.upload.addEventListener("load", () => {
        bar.removeAttribute("value");
        words.textContent = "正在读…";
      });
      request.addEventListener("load", () => {
        const answer = request.response || {};
        const told = answer.error && answer.error.message;
        done((answer.files || [])[0] || failed(told || "没有导入成功，请再试一次。"));
      });
      request.addEventListener("error", () => done(failed("网络断了，没有传上去，请再试一次。")));
      const form = new FormData();
      form.append("region", upload.elements.region.value);
      form.append("files", file);
      request.send(form);
    });
    upload.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = upload.querySelector("button");
      const files = Array.from(upload.elements.files.files);
      if (!files.length || button.disabled) return;
      button.disabled = true;
      results.hidden = false;
      const rows = files.map(row);
      for (const [i, file] of files.entries()) {
        const tooLarge = file.size > Number(upload.dataset.most);
        finish(rows[i], tooLarge ? failed("文件太大，请拆分后再导入。") : await send(file, rows[i]));
      }
      upload.elements.files.value = "";
      button.disabled = false;
    });
  }

  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
