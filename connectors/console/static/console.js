// The pages of the cases: what a button of the page cannot do without a script.
(() => {
  "use strict";
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  // Back to the form that was being written: nothing is sent, the page only shows it again.
  document.querySelector("form[data-resume]")?.requestSubmit();
})();
