// Shows the conversation: one node a message, in the order of seq, with its cards, its choices, and what can be done with them.
import { button, hidden, linkify, make, prose, site } from "./dom.js";

const noon = (at) => new Date(at).setHours(12, 0, 0, 0);
const DAY_MS = 86_400_000;

const dayName = (at, texts) => {
  const days = Math.round((noon(Date.now()) - noon(at)) / DAY_MS);
  if (days === 0) return texts.today;
  return days === 1 ? texts.yesterday : new Date(at).toLocaleDateString(texts.lang, { weekday: "long", day: "numeric", month: "long" });
};

export class MessageList {
  #nodes = new Map();
  #groups = new Map();
  #last;

  constructor(panel) {
    this.panel = panel;
    this.texts = panel.texts;
    // A whole history read aloud would drown the visitor: the log becomes live after it.
    this.log = make("div", { class: "log", role: "log", "aria-live": "off", "aria-relevant": "additions", "aria-label": this.texts.log });
  }

  listen() {
    this.log.setAttribute("aria-live", "polite");
  }

  clear() {
    this.#nodes.clear();
    this.#groups.clear();
    this.log.replaceChildren();
    this.log.setAttribute("aria-live", "off");
  }

  node(seq) {
    return this.#nodes.get(`bot ${seq}`);
  }

  sync({ messages, queue }) {
    const wanted = new Set();
    let day = null;
    for (const message of [...messages, ...queue]) {
      if (noon(message.at) !== day) wanted.add(this.#day(message, (day = noon(message.at))));
      wanted.add(message.from === "bot" ? this.#keep(`bot ${message.seq}`, () => this.#bot(message)) : this.#user(message));
    }
    for (const node of [...this.log.children]) if (!wanted.has(node)) node.remove();
    let spot = this.log.firstChild;
    for (const node of wanted) {
      if (node === spot) spot = spot.nextSibling;
      else this.log.insertBefore(node, spot);
    }
    this.#spend([...messages, ...queue]);
  }

  #keep(key, build) {
    if (!this.#nodes.has(key)) this.#nodes.set(key, build());
    return this.#nodes.get(key);
  }

  #day({ at }, day) {
    const mark = this.#keep(`day ${day}`, () => make("p", { class: "day" }));
    const name = dayName(at, this.texts);
    if (mark.textContent !== name) mark.textContent = name;
    return mark;
  }

  #bubble(from, at, ...content) {
    if (!content.length) return make("div", { class: `message ${from}` });
    const time = new Date(at).toLocaleTimeString(this.texts.lang, { hour: "numeric", minute: "2-digit" });
    const speaker = hidden(this.texts.at(this.texts[from === "bot" ? "bot" : "you"], time));
    return make("div", { class: `message ${from}` }, make("div", { class: "bubble", title: time }, speaker, ...content));
  }

  // One node, from the sending until the server gives the masked text back.
  #user(message) {
    const node = this.#keep(`user ${message.id}`, () => {
      const made = this.#bubble("user", message.at, make("p", { class: "said" }));
      made.append(make("p", { class: "state", "aria-live": "off" }));
      return made;
    });
    const [said, state] = [node.querySelector(".said"), node.querySelector(".state")];
    const text = message.text || message.title || this.texts.restart;
    if (said.textContent !== text) said.textContent = text;
    state.textContent = message.seq ? "" : this.texts.waiting;
    return node;
  }

  #bot(message) {
    const cards = message.cards ?? [];
    const made = this.#bubble("bot", message.at, ...prose(message.text ?? ""));
    made.setAttribute("lang", "fr-CA");
    made.append(...cards.map((shown) => card(shown, this.texts.card)));
    if (message.buttons?.length) made.append(this.#choices(message));
    const tools = make("div", { class: "tools", "aria-live": "off", lang: this.texts.lang });
    if (cards.length) tools.append(resultTools(message, this.panel));
    if (message.last && message.answers != null) tools.append(judging(message, this.panel));
    if (tools.firstChild) made.append(tools);
    return made;
  }

  #choices({ seq, answers, buttons }) {
    const group = make("div", { class: "choices", role: "group", "aria-label": this.texts.choices });
    for (const { id, title } of buttons) {
      const press = ({ currentTarget }) => {
        if (currentTarget.ariaDisabled !== "true") this.panel.send({ choice: id, title });
      };
      group.append(button(title, press, { "data-choice": id }));
    }
    this.#groups.set(seq, group);
    this.#last = answers;
    group.answers = answers;
    return group;
  }

  // The choices of the last answer are open, until one is taken or all starts over.
  #spend(said) {
    const chosen = new Set(said.map(({ choice }) => choice).filter(Boolean));
    let spent = Math.max(0, ...said.filter(({ restart }) => restart).map(({ seq }) => seq ?? Infinity));
    for (const [seq, group] of this.#groups) {
      if ([...group.children].some(({ dataset }) => chosen.has(dataset.choice))) spent = Math.max(spent, seq);
    }
    for (const [seq, group] of this.#groups) {
      for (const one of group.children) {
        one.ariaDisabled = seq <= spent || group.answers !== this.#last ? "true" : null;
        one.ariaPressed = chosen.has(one.dataset.choice) ? "true" : null;
      }
    }
  }
}

const press = (group, chosen) => {
  for (const one of group.querySelectorAll("button[aria-pressed]")) one.ariaPressed = String(one === chosen);
};

// A null `seq` is the whole conversation.
export const judging = ({ seq, feedback }, panel, label = panel.texts.judge.label) => {
  const { judge: texts } = panel.texts;
  const thumbs = make("div", { class: "row", role: "group", "aria-label": label });
  const rate = async (rating, details) => {
    const done = await panel.attempt(() => panel.conversation.judge(seq, rating, details));
    if (done) panel.say(texts.thanks, true);
    return done;
  };
  const more = reasons(texts, (details) => rate("down", details));
  for (const rating of ["up", "down"]) {
    const choose = async ({ currentTarget }) => {
      if (!(await rate(rating))) return;
      press(thumbs, currentTarget);
      more.hidden = rating === "up";
      more.scrollIntoView({ block: "nearest" });
    };
    thumbs.append(button(texts[rating], choose, { class: "quiet", "aria-pressed": String(feedback === rating) }));
  }
  return make("div", { class: "judging" }, thumbs, more);
};

const reasons = (texts, rate) => {
  let reason;
  const group = make("div", { class: "row", role: "group", "aria-label": texts.why });
  for (const [name, label] of Object.entries(texts.reasons)) {
    const choose = async ({ currentTarget }) => {
      if (!(await rate({ reason: name }))) return;
      reason = name;
      press(group, currentTarget);
    };
    group.append(button(label, choose, { class: "quiet", "aria-pressed": "false" }));
  }
  const comment = make("textarea", { rows: 2, maxlength: 500 });
  const submit = async (event) => {
    event.preventDefault();
    if (!comment.value.trim() || !(await rate({ reason, comment: comment.value.trim() }))) return;
    box.hidden = true;
    box.previousSibling.lastChild.focus();
  };
  const form = make("form", { onsubmit: submit }, make("label", {}, texts.comment, comment), make("button", { class: "quiet" }, texts.send));
  const box = make("div", { class: "reasons", hidden: true }, make("p", {}, texts.why), group, form);
  return box;
};

const rows = ({ caution, first_step, phone, email, website, source, as_of }, texts) =>
  [
    [texts.caution, caution],
    [texts.firstStep, first_step],
    [texts.phone, phone],
    [texts.email, email],
    [texts.website, website && site(website)],
    [texts.source, source && [source, as_of].filter(Boolean).join(", ")],
  ].filter(([, value]) => value);

export const card = (shown, texts) =>
  make(
    "article", { class: "card" },
    make("h3", {}, shown.name),
    make("p", {}, ...linkify(shown.does)),
    shown.why?.length && make("div", {}, make("h4", {}, texts.why), make("ul", {}, ...shown.why.map((reason) => make("li", {}, reason)))),
    ...rows(shown, texts).map(([label, value]) => make("p", { class: label === texts.source && "source" }, make("b", {}, label), " ", ...linkify(value))),
  );

const PAPER = `
  body { font: 12pt/1.45 Georgia, serif; }
  h1, h3, h4, p, ul { margin: 0 0 .3em; font-size: 1em; }
  a { color: inherit; }
  .card { padding: 1em 0; border-top: 1px solid; break-inside: avoid; }`;

export const plainText = (cards, texts) =>
  cards.map((shown) => [shown.name, shown.does, ...rows(shown, texts).map((row) => row.join(" "))].join("\n")).join("\n\n");

// Without TLS a page has no clipboard.
const copyByHand = (text, { root, element }) => {
  const field = make("textarea", { class: "aside" });
  const focused = root.activeElement;
  field.value = text;
  element.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus();
  return done;
};

export const copy = async (text, panel) => {
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    done = copyByHand(text, panel);
  }
  panel.say(done ? panel.texts.result.copied : panel.texts.result.notCopied, true);
};

// A frame with a style sheet of its own realm prints the cards alone, whatever the page's policy.
export const print = async (cards, { element, texts }) => {
  const frame = make("iframe", { class: "aside", "aria-hidden": "true", tabindex: "-1", title: texts.result.print });
  await new Promise((ready) => {
    frame.addEventListener("load", ready, { once: true });
    element.append(frame);
  });
  const { contentWindow: realm, contentDocument: paper } = frame;
  const sheet = new realm.CSSStyleSheet();
  sheet.replaceSync(PAPER);
  paper.adoptedStyleSheets = [sheet];
  paper.documentElement.lang = "fr-CA";
  paper.title = texts.title;
  paper.body.append(make("h1", {}, texts.result.from), ...cards.map((shown) => card(shown, texts.card)));
  realm.addEventListener("afterprint", () => frame.remove());
  realm.print();
};

const shared = ({ url, expires_at }, panel) => {
  const { result: texts, lang } = panel.texts;
  const until = new Date(expires_at).toLocaleDateString(lang, { day: "numeric", month: "long", year: "numeric" });
  const address = make("input", { readonly: true, onfocus: () => address.select() });
  address.value = url;
  return make(
    "div", { class: "shared" },
    make("label", {}, texts.link, address),
    make("div", { class: "row" }, button(texts.copyLink, () => copy(url, panel), { class: "quiet" })),
    make("p", {}, texts.until(until)),
  );
};

export const resultTools = ({ seq, cards }, panel) => {
  const { result: texts, card: labels } = panel.texts;
  const place = make("div");
  const share = async () => {
    const given = await panel.attempt(() => panel.conversation.share(seq));
    if (!given) return;
    place.replaceChildren(shared(given, panel));
    place.querySelector("input").focus();
    panel.emit("shared", {});
  };
  return make(
    "div", {},
    make("div", { class: "row", role: "group", "aria-label": texts.label },
      button(texts.copy, () => copy(plainText(cards, labels), panel), { class: "quiet" }),
      button(texts.print, () => print(cards, panel), { class: "quiet" }),
      button(texts.share, share, { class: "quiet" })),
    place,
  );
};
