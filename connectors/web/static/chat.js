/* Améliore la page ; sans ce fichier tout marche par formulaires.
   Rien n’est gardé sur l’appareil : ni stockage, ni texte. */
(function () {
  "use strict";

  var SLOW_MS = 8000; // « c’est plus long que d’habitude »
  var GIVE_UP_MS = 45000; // rien reçu : proposer de réessayer
  var ESCAPE_MS = 3000; // trois fois Échap dans ce temps
  var MAX_TEXT = 2000;
  var SEARCHING = "L’assistant cherche…";
  var LOST = "Votre message n’est pas parti. Vérifiez la connexion et réessayez. ";

  var byId = function (id) { return document.getElementById(id); };
  document.documentElement.classList.add("js");

  // --- Quitter vite ---------------------------------------------------------------
  var exit = byId("quitter-lien");

  function leave() {
    // Rien ne reste à l’écran pendant que l’autre page arrive.
    document.title = document.body.getAttribute("data-neutral");
    document.body.textContent = "";
    if (navigator.sendBeacon) { navigator.sendBeacon("/quitter"); }
    // replace : la page quittée n’est plus derrière le bouton « retour ».
    location.replace(exit.getAttribute("data-exit"));
  }

  exit.addEventListener("click", function (event) {
    event.preventDefault();
    leave();
  });

  var escapes = [];
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { escapes = []; return; }
    var now = Date.now();
    escapes = escapes.filter(function (at) { return now - at < ESCAPE_MS; });
    escapes.push(now);
    if (escapes.length >= 3) { leave(); }
  });

  // Une page ressortie de la mémoire du navigateur peut montrer ce qui a été effacé.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { location.reload(); }
  });

  // À l’impression, tout ce qui est replié est montré.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (one) { one.open = true; });
  });

  // --- Effacer --------------------------------------------------------------------
  var dialog = byId("effacer-dialogue");
  if (dialog.showModal && byId("fil")) {
    byId("effacer-lien").addEventListener("click", function (event) {
      event.preventDefault();
      dialog.showModal();
    });
    byId("effacer-non").addEventListener("click", function () { dialog.close(); });
  }

  // --- Conversation ---------------------------------------------------------------
  var thread = byId("fil");
  if (!thread || !window.fetch || !window.URLSearchParams || !window.TextDecoder) { return; }

  var form = byId("ecrire");
  var field = byId("message");
  var send = byId("envoyer");
  var state = byId("etat");
  var alertBox = byId("alerte");
  var retry = byId("reessayer");
  var busy = false;
  var failed = null; // ce qui n’est pas parti : {name, value, label, turn}

  function newTurn() {
    var bytes = crypto.getRandomValues(new Uint8Array(12));
    return Array.prototype.map.call(bytes, function (one) {
      return ("0" + one.toString(16)).slice(-2);
    }).join("");
  }

  function warn(text, canRetry) {
    alertBox.querySelector("p").textContent = text;
    retry.hidden = !canRetry;
    alertBox.hidden = false;
  }

  function calm() {
    alertBox.hidden = true;
    field.removeAttribute("aria-invalid");
    field.setAttribute("aria-describedby", "message-aide");
  }

  function addMine(label) {
    var mine = byId("modele-vous").content.cloneNode(true).firstElementChild;
    mine.querySelector("p").textContent = label;
    thread.appendChild(mine);
    return mine;
  }

  function addAnswer(html) {
    var holder = document.createElement("ol");
    holder.innerHTML = html; // écrit et échappé par notre serveur, du même modèle que la page
    var item = holder.firstElementChild;
    thread.appendChild(item);
    return item;
  }

  function work(on) {
    busy = on;
    send.setAttribute("aria-disabled", String(on));
    thread.setAttribute("aria-busy", String(on));
    state.classList.toggle("working", on);
    state.textContent = on ? SEARCHING : "";
  }

  /* Lit les événements au fur et à mesure ; d’un coup si le navigateur ne sait pas. */
  function readEvents(response, onEvent) {
    var decoder = new TextDecoder();
    var pending = "";
    function take(text) {
      pending += text;
      var blocks = pending.split("\n\n");
      pending = blocks.pop();
      blocks.forEach(function (block) {
        var name = /^event: (.*)$/m.exec(block);
        var data = /^data: (.*)$/m.exec(block);
        if (name && data) { onEvent(name[1], JSON.parse(data[1])); }
      });
    }
    if (!response.body || !response.body.getReader) {
      return response.text().then(take);
    }
    var reader = response.body.getReader();
    function next() {
      return reader.read().then(function (part) {
        if (part.done) { return; }
        take(decoder.decode(part.value, { stream: true }));
        return next();
      });
    }
    return next();
  }

  function Told(text) { this.text = text; } // une erreur que le serveur explique

  function ask(what, onEvent) {
    var body = new URLSearchParams();
    body.set(what.name, what.value);
    body.set("tour", what.turn);
    var stop = window.AbortController ? new AbortController() : null;
    var timer;
    function alive() {
      clearTimeout(timer);
      timer = setTimeout(function () { if (stop) { stop.abort(); } }, GIVE_UP_MS);
    }
    alive();
    var slow = setTimeout(function () {
      state.textContent = "C’est plus long que d’habitude. L’assistant cherche encore…";
    }, SLOW_MS);
    function end() { clearTimeout(timer); clearTimeout(slow); }
    return fetch("/parler", {
      method: "POST",
      headers: { Accept: "text/event-stream" },
      credentials: "same-origin",
      body: body,
      signal: stop ? stop.signal : undefined
    }).then(function (response) {
      var type = response.headers.get("content-type") || "";
      if (type.indexOf("text/event-stream") === 0) {
        return readEvents(response, function (name, data) { alive(); onEvent(name, data); });
      }
      if (type.indexOf("json") > 0) {
        return response.json().then(function (problem) { throw new Told(problem.detail); });
      }
      throw new Error("réponse inattendue");
    }).then(end, function (error) { end(); throw error; });
  }

  function succeed(answers, discreet) {
    calm();
    failed = null;
    var examples = byId("exemples");
    if (examples) { examples.remove(); }
    if (discreet) { document.title = document.body.getAttribute("data-neutral"); }
    // Un seul jeu de choix : celui de la dernière réponse.
    thread.querySelectorAll(".choices").forEach(function (choices) {
      if (answers.indexOf(choices.closest(".message")) < 0) { choices.remove(); }
    });
    if (!answers.length) { return; }
    if (document.activeElement === field && field.value.trim()) {
      state.textContent = "Une réponse est arrivée, au-dessus.";
    } else {
      answers[0].querySelector(".who").focus({ preventScroll: true });
      answers[0].scrollIntoView({ block: "start" });
    }
  }

  function play(what) {
    if (busy) { return; }
    calm();
    var mine = addMine(what.label);
    var answers = [];
    var done = false;
    var leaving = null; // tout est effacé : la page qui le dit
    var discreet = false;
    work(true);
    state.scrollIntoView({ block: "nearest" });
    ask(what, function (name, data) {
      if (name === "message") {
        answers.push(addAnswer(data.html));
        discreet = discreet || data.discreet;
      } else if (name === "error") {
        throw new Told(data.detail);
      } else if (name === "done") {
        done = true;
        leaving = data.leave;
      }
    }).then(function () {
      if (!done) { throw new Error("réponse coupée"); }
      // replace : la conversation n’est plus derrière le bouton « retour ».
      if (leaving) { location.replace(leaving); return; }
      work(false);
      succeed(answers, discreet);
    }).catch(function (error) {
      work(false);
      mine.remove();
      answers.forEach(function (answer) { answer.remove(); });
      failed = what;
      var typing = document.activeElement === field && field.value.trim();
      if (what.name === "text" && what.typed) {
        // Rien de ce qui est tapé n’est perdu, même ce qui l’a été pendant l’attente.
        field.value = what.value + (field.value ? "\n" + field.value : "");
      }
      warn(error instanceof Told ? error.text : LOST, true);
      if (!typing) { retry.focus(); }
    });
  }

  function sendTyped() {
    var text = field.value.trim();
    if (busy) { return; }
    if (!text) { field.focus(); return; }
    if (text.length > MAX_TEXT) {
      warn("Votre message est trop long : " + text.length.toLocaleString("fr-FR") +
        " caractères. Le maximum est 2 000. Gardez l’essentiel : il est resté dans le cadre.", false);
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", "message-aide alerte");
      field.focus();
      return;
    }
    var again = failed && failed.typed && failed.value === text;
    field.value = "";
    play({ name: "text", value: text, label: text, typed: true,
      turn: again ? failed.turn : newTurn() });
  }

  var pressed = null; // le bouton, pour les navigateurs sans event.submitter
  document.addEventListener("click", function (event) {
    pressed = event.target.closest ? event.target.closest("button") : null;
  });

  document.addEventListener("submit", function (event) {
    var sent = event.target;
    if (!sent.classList.contains("say")) { return; }
    event.preventDefault();
    if (sent === form) { sendTyped(); return; }
    var button = event.submitter || pressed;
    if (!button || busy) { return; }
    play({ name: button.name, value: button.value, label: button.textContent.trim(),
      turn: newTurn() });
  });

  field.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      sendTyped();
    }
  });

  retry.addEventListener("click", function () {
    if (!failed) { return; }
    if (failed.typed) { sendTyped(); } else { play(failed); }
    if (!busy) { field.focus(); }
  });
})();
