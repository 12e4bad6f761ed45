// Shows the person's screen, and does on it what the person does. Everything that is shown is set as text, never as HTML.
"use strict";

const byId = (id) => document.getElementById(id);
const who = new URLSearchParams(location.search).get("personne");
const query = who ? "?personne=" + encodeURIComponent(who) : "";
let last = "";

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

function toTap(title, gesture, where = {}) {
  const button = make("button", "", title);
  button.type = "button";
  button.addEventListener("click", () => act(gesture, title, where));
  return button;
}

function toTapOrFollow({ titre, url }, gesture, where = {}) {
  if (!url) return toTap(titre, gesture, where);
  const link = make("a", "link", titre);
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

function buttonsOf(list, where) {
  const box = make("div", "buttons");
  box.append(...list.map((button) => toTapOrFollow(button, "toucher", where)));
  return box;
}

function cardOf(card, where) {
  const item = make("li");
  item.append(make("strong", "", card.titre));
  if (card.detail) item.append(make("span", "", card.detail));
  if (card.boutons.length) item.append(buttonsOf(card.boutons, where));
  return item;
}

function bubbleOf(bubble) {
  const names = { page: "Page", person: "Vous", human: "Personne de la page" };
  const item = make("li", `bubble by-${bubble.par}${bubble.cartes.length ? " with-cards" : ""}`);
  item.append(make("span", "who", `${names[bubble.par]}, ${bubble.heure}`));
  if (bubble.texte) item.append(make("span", "", bubble.texte));
  if (bubble.boutons.length) item.append(buttonsOf(bubble.boutons, { bulle: bubble.mid }));
  if (bubble.cartes.length) {
    const cards = make("ul", "cards");
    cards.append(...bubble.cartes.map((card, place) => cardOf(card, { bulle: bubble.mid, carte: place })));
    item.append(cards);
  }
  return item;
}

function fill(box, nodes) {
  box.replaceChildren(...nodes);
  box.hidden = !nodes.length;
}

function showBubbles(bubbles) {
  const list = byId("bubbles");
  const known = list.lastElementChild ? list.lastElementChild.dataset.mid : "";
  const from = bubbles.findIndex((bubble) => bubble.mid === known) + 1;
  if (!from) list.replaceChildren();
  for (const bubble of bubbles.slice(from)) {
    const item = bubbleOf(bubble);
    item.dataset.mid = bubble.mid;
    list.append(item);
  }
  if (bubbles.length > from) byId("thread").scrollTop = byId("thread").scrollHeight;
}

function showOpening(state) {
  const first = !state.bulles.length;
  const questions = state.questions.map((question) => toTap(question, "question"));
  const start = state.demarrer && !questions.length ? [toTap("Démarrer", "demarrer")] : [];
  fill(byId("opening"), first ? [...questions, ...start] : []);
}

function showMenu(items) {
  const list = items.map((item) => {
    const line = make("li");
    line.append(toTapOrFollow(item, "menu"));
    return line;
  });
  byId("menu-items").replaceChildren(...list);
  byId("menu").hidden = !list.length;
}

function showRefusals(state) {
  byId("refusal-count").textContent = state.nombre_refus;
  byId("no-refusal").hidden = state.nombre_refus > 0;
  byId("refusals").replaceChildren(
    ...state.refus.map((refusal) => {
      const line = make("li");
      line.append(make("strong", "", refusal.regle), document.createTextNode(" "), make("span", "", refusal.texte));
      line.lastElementChild.lang = "en";
      return line;
    }),
  );
}

function show(state) {
  const told = JSON.stringify(state);
  if (told === last) return;
  last = told;
  byId("page-name").textContent = state.page;
  byId("owner").hidden = !state.ailleurs;
  byId("take").disabled = state.ailleurs;
  byId("give").disabled = !state.ailleurs;
  byId("greeting").textContent = state.accueil;
  byId("greeting").hidden = !state.accueil || state.bulles.length > 0;
  byId("typing").hidden = !state.ecrit;
  byId("seen").hidden = !state.vu;
  showBubbles(state.bulles);
  showOpening(state);
  fill(byId("replies"), state.reponses.map((title) => toTap(title, "toucher")));
  showMenu(state.menu);
  showRefusals(state);
  if (!state.abonne) tell("Le robot n’a pas répondu assez souvent : plus aucun message ne lui est livré.");
}

function tell(text) {
  byId("status").textContent = text;
}

async function act(gesture, value = "", where = {}) {
  try {
    const answer = await fetch("/telephone/geste" + query, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ geste: gesture, valeur: value, ...where }),
    });
    const told = await answer.json();
    if (answer.ok) show(told);
    tell(answer.ok ? "" : told.erreur);
  } catch {
    tell("Le téléphone simulé ne répond plus. Relancez la commande.");
  }
  byId("menu").open = false;
}

async function refresh() {
  try {
    show(await (await fetch("/telephone/etat" + query)).json());
  } catch {
    tell("Le téléphone simulé ne répond plus. Relancez la commande.");
  }
  setTimeout(refresh, 700);
}

function onSubmit(id, gesture) {
  byId(id).addEventListener("submit", (event) => {
    event.preventDefault();
    const input = event.target.elements.text;
    if (!input.value.trim()) return;
    act(gesture, input.value);
    input.value = "";
  });
}

onSubmit("composer", "ecrire");
onSubmit("human", "repondre");
byId("take").addEventListener("click", () => act("prendre"));
byId("give").addEventListener("click", () => act("rendre"));
for (const button of document.querySelectorAll("[data-send]")) {
  button.addEventListener("click", () => act("envoyer", button.dataset.send));
}
refresh();
