// What can be taken along from an answer: copied, sent to one's family, or printed, with the papers to
// bring one on a line to be ticked off.
"use strict";
const chatCarry = (() => {
  const { element } = chatLines;

  const plainText = (line) => {
    const parts = [];
    for (const e of line.querySelectorAll(".text, .sources li")) {
      const items = Array.from(e.querySelectorAll(".papers li"), (item) => "□ " + item.textContent);
      if (items.length) parts.push(e.querySelector("b").textContent, ...items);
      else parts.push((e.matches("li") ? "依据：" : "") + e.textContent.trim().replace(/\s+/g, " "));
    }
    return parts.join("\n");
  };

  // Pages that are not served over https have no clipboard of their own; there the text is selected
  // and copied as a person would do it.
  const copied = async (words) => {
    if (navigator.clipboard) {
      return navigator.clipboard.writeText(words).then(() => true, () => false);
    }
    const box = element("textarea", "hidden");
    box.value = words;
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  };
  const copy = async (line, button) => {
    const done = await copied(plainText(line));
    button.textContent = done ? "已复制" : "没有复制成，请长按文字";
    setTimeout(() => { button.textContent = "复制"; }, 4000);
  };
  const share = (line) => navigator.share({ text: plainText(line) }).catch(() => {});
  const print = (line) => {
    document.body.classList.add("one");
    line.classList.add("this");
    window.print();
    document.body.classList.remove("one");
    line.classList.remove("this");
  };

  // offer sets the buttons below an answer that names its sources.
  const offer = (line) => {
    if (!line.querySelector(".sources")) return;
    const row = element("p", "carry");
    const add = (words, act) => {
      const button = element("button", "", words);
      button.type = "button";
      button.addEventListener("click", () => act(line, button));
      row.append(button);
    };
    add("复制", copy);
    if (navigator.share) add("发给家人", share);
    if (matchMedia("(pointer: fine)").matches) add("打印", print);
    line.querySelector(".bubble").append(row);
  };

  return { offer };
})();
