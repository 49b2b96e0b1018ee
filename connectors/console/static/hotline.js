// The hotline page without reloading: after each pause, what is understood is asked again.
// Without this script the same form works with its buttons.
(() => {
  "use strict";
  const form = document.getElementById("call");
  if (!form) return;
  const [text, notes, results, state, alarm, trouble, newCall] = [
    "text", "notes", "results", "state", "alarm", "trouble", "fresh",
  ].map((id) => document.getElementById(id));
  const PAUSE_MS = 400;
  let timer = 0;
  let running = null;
  // The fields of the results changed since the last question to the server.
  const edited = new Set();
  document.documentElement.classList.add("script");

  async function understand(button) {
    clearTimeout(timer);
    running?.abort();
    const mine = new AbortController();
    running = mine;
    edited.clear();
    results.setAttribute("aria-busy", "true");
    try {
      const html = await advice(button, mine.signal);
      // An answer that comes after another question was asked is of no use any more.
      if (mine !== running) return;
      show(html, button);
      trouble.hidden = true;
    } catch (error) {
      if (error.name === "AbortError" || mine !== running) return;
      trouble.hidden = false;
    }
    results.removeAttribute("aria-busy");
  }

  async function advice(button, signal) {
    const data = new FormData(form);
    data.delete("notes");
    if (button) data.append(button.name, button.value);
    const ask = () => fetch(form.dataset.advice, { method: "POST", body: data, signal });
    let answer = await ask();
    if (answer.status === 403 && await renew(signal)) {
      data.set("csrf", form.elements.csrf.value);
      answer = await ask();
    }
    if (!answer.ok || answer.redirected) throw new Error("no advice");
    return answer.text();
  }

  // After a login in another tab the token of this page is an old one.
  async function renew(signal) {
    const answer = await fetch(form.dataset.session, { signal });
    if (!answer.ok) return false;
    const { csrf } = await answer.json();
    for (const field of document.querySelectorAll("input[name=csrf]")) field.value = csrf;
    return true;
  }

  function show(html, button) {
    const active = results.contains(document.activeElement) ? document.activeElement : null;
    const fresh = document.createElement("div");
    fresh.innerHTML = html;
    keepOpen(fresh);
    keepTyped(fresh);
    const stays = active && isField(active) && !button
      && (edited.has(active.id) || fresh.querySelector("#" + CSS.escape(active.id)));
    if (stays) replaceAround(results, fresh, active);
    else results.replaceChildren(...fresh.childNodes);
    const { state: said, alarm: danger } = document.getElementById("announcement").dataset;
    if (state.textContent !== said) state.textContent = said;
    if (alarm.textContent !== danger) {
      alarm.textContent = danger;
      results.scrollTop = 0;
    }
    if (!active || stays) return;
    // What had the focus is gone after an answer: the next question is where to go on.
    const next = (!button && active.id && document.getElementById(active.id))
      || document.getElementById("question-title") || text;
    next.focus();
  }

  const isField = (element) => element.matches("input, select, textarea");

  function keepOpen(fresh) {
    for (const details of results.querySelectorAll("details[open][id]")) {
      fresh.querySelector("#" + CSS.escape(details.id))?.setAttribute("open", "");
    }
  }

  // A field changed since the question was asked keeps what the agent put there.
  function keepTyped(fresh) {
    for (const id of edited) {
      const [old, next] = [document.getElementById(id), fresh.querySelector("#" + CSS.escape(id))];
      if (old && next) next.value = old.value;
    }
  }

  // Replace everything but the field the agent is in: it is never taken out of the page, so the
  // caret, the list that is open and the accent being composed stay.
  function replaceAround(old, fresh, field) {
    if (old === field) return refresh(field, fresh);
    const kept = [...old.children].find((child) => child.contains(field));
    const twin = fresh.querySelector("#" + CSS.escape(field.id));
    const place = twin && [...fresh.children].find((child) => child.contains(twin));
    if (!place) return keepOrphan(old, fresh, kept, field);
    const nodes = [...fresh.childNodes];
    const at = nodes.indexOf(place);
    for (const node of [...old.childNodes]) if (node !== kept) node.remove();
    kept.before(...nodes.slice(0, at));
    kept.after(...nodes.slice(at + 1));
    replaceAround(kept, place, field);
  }

  // The new page has no such field: what is being typed stays until it is sent.
  function keepOrphan(old, fresh, kept, field) {
    for (const other of fresh.querySelectorAll("[name]")) {
      if (other.name === field.name) other.removeAttribute("name");
    }
    const title = kept.getAttribute("aria-labelledby");
    if (title) fresh.querySelector(`[aria-labelledby="${CSS.escape(title)}"]`)?.remove();
    const first = [...fresh.children].filter((one) => one.matches("#announcement, .danger"));
    for (const node of [...old.childNodes]) if (node !== kept) node.remove();
    kept.before(...first);
    kept.after(...fresh.childNodes);
  }

  function refresh(field, fresh) {
    for (const name of ["aria-invalid", "aria-describedby"]) {
      if (fresh.hasAttribute(name)) field.setAttribute(name, fresh.getAttribute(name));
      else field.removeAttribute(name);
    }
    if (field.options && fresh.options) field.options[0].textContent = fresh.options[0].textContent;
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
  results.addEventListener("input", (event) => edited.add(event.target.id));
  results.addEventListener("change", () => understand());
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.id === "open-handoff") return;
    event.preventDefault();
    if (button?.name === "copy") copy(button);
    else understand(button?.name ? button : undefined);
  });
  // Nothing typed: nothing to lose, a new call starts at once.
  newCall.addEventListener("click", (event) => {
    if (text.value.trim() || notes.value.trim()) return;
    event.preventDefault();
    window.location.assign(form.getAttribute("action"));
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
