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
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
