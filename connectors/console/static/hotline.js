// The hotline page without reloading: after each pause, what is understood is asked again.
// Without this script the same form works with its buttons.
(() => {
  "use strict";
  const form = document.getElementById("call");
  if (!form) return;
  const [text, notes, results, state, alarm, trouble] = [
    "text", "notes", "results", "state", "alarm", "trouble",
  ].map((id) => document.getElementById(id));
  const PAUSE_MS = 400;
  let timer = 0;
  let running = null;
  document.documentElement.classList.add("script");

  async function understand(button) {
    clearTimeout(timer);
    running?.abort();
    running = new AbortController();
    const mine = running;
    const data = new FormData(form);
    data.delete("notes");
    if (button) data.append(button.name, button.value);
    results.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.advice, {
        method: "POST",
        body: data,
        signal: mine.signal,
      });
      if (!answer.ok || answer.redirected) throw new Error("no advice");
      show(await answer.text(), button);
      trouble.hidden = true;
    } catch (error) {
      if (error.name === "AbortError") return;
      trouble.hidden = false;
    }
    if (mine === running) results.removeAttribute("aria-busy");
  }

  function show(html, button) {
    const inside = results.contains(document.activeElement);
    const focused = inside ? document.activeElement.id : "";
    results.innerHTML = html;
    const { state: said, alarm: danger } = document.getElementById("announcement").dataset;
    if (state.textContent !== said) state.textContent = said;
    if (alarm.textContent !== danger) {
      alarm.textContent = danger;
      results.scrollTop = 0;
    }
    if (!inside) return;
    // What had the focus is gone after an answer: the next question is where to go on.
    const next = (!button && document.getElementById(focused))
      || document.getElementById("question-title") || text;
    next.focus();
  }

  function copy(button) {
    const card = button.dataset.text;
    if (notes.value.includes(card)) {
      state.textContent = "Cette aide est déjà dans le résumé.";
      return;
    }
    notes.value = [notes.value.trim(), card].filter(Boolean).join("\n\n").slice(0, notes.maxLength);
    state.textContent = "Copié dans le résumé : " + card.split("\n")[0];
  }

  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(understand, PAUSE_MS);
  });
  results.addEventListener("change", () => understand());
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.id === "open-handoff") return;
    event.preventDefault();
    if (button?.name === "copy") copy(button);
    else understand(button?.name ? button : undefined);
  });
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // The place of the key, not its sign: on a French keyboard the digits need a shift.
    const digit = /^Digit([1-5])$/.exec(event.code);
    const target = digit
      ? results.querySelectorAll("button.copy")[digit[1] - 1]
      : event.key.toLowerCase() === "h" && document.getElementById("open-handoff");
    if (!target) return;
    event.preventDefault();
    target.click();
  });
})();
