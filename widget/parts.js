// Parts of the window: the notice, the field, the question above it, the place where the visitor reads.
import { button, link, make } from "./dom.js";
import { judging } from "./messages.js";

// The same conditions as in widget.css: the whole screen is taken, then the whole window scrolls.
export const FULL = matchMedia("(max-width: 480px), (max-height: 420px)");
export const LOW = matchMedia("(max-height: 420px)");

// A phone's keyboard covers the page without making it shorter: the window follows what is left to see.
export const fit = (element) => {
  const { height, offsetTop, scale } = visualViewport;
  element.ariaModal = FULL.matches ? "true" : null;
  for (const [name, value] of Object.entries({ "--seen-height": height, "--seen-top": offsetTop })) {
    if (FULL.matches && scale < 1.01) element.style.setProperty(name, `${value}px`);
    else element.style.removeProperty(name);
  }
};

// Over the whole screen, the focus goes round inside.
export const keepFocus = (event, element, root) => {
  const stops = [...element.querySelectorAll("button, a, input, textarea, [tabindex='0']")].filter((node) => node.getClientRects().length);
  const [first, last] = event.shiftKey ? [stops.at(-1), stops[0]] : [stops[0], stops.at(-1)];
  if (!FULL.matches || root.activeElement !== last) return;
  event.preventDefault();
  first.focus();
};

const linkTo = (contact) => link(contact.startsWith("https:") ? contact : `mailto:${contact}`, contact);

export const notice = ({ texts, greeting, contact, hostName, begin }) => {
  const { notice: said } = texts;
  const start = (keep) => async () => {
    if (view.ariaBusy === "true") return;
    view.ariaBusy = "true";
    await begin(keep);
    view.ariaBusy = null;
  };
  const first = button(said.keep, start(true), { class: "main" });
  const entry = (term, ...content) => make("div", {}, make("dt", {}, term), make("dd", {}, ...content));
  const view = make(
    "div", { class: "notice" },
    make("p", { class: "greeting" }, greeting || texts.greeting),
    make("h3", {}, said.title),
    make("p", {}, make("strong", {}, said.warning)),
    make("dl", {},
      entry(said.who, hostName ? `${hostName}.` : said.host, contact && ` ${said.contact} `, contact && linkTo(contact)),
      entry(said.what, said.whatIs),
      entry(said.why, said.whyIs),
      entry(said.howLong, said.howLongIs),
      entry(said.rights, said.rightsAre)),
    make("div", { class: "ways" }, first, button(said.dontKeep, start(false), { class: "main" })),
  );
  return { view, first };
};

const LONGEST = 1500;

export const composer = ({ texts, onsend, ondraft }) => {
  const count = make("span", { class: "count", id: "count" });
  const field = make("textarea", {
    id: "field", rows: 1, maxlength: LONGEST, autocomplete: "off", placeholder: texts.placeholder, "aria-describedby": "hint count", enterkeyhint: "send",
  });
  const show = (text) => {
    field.value = text;
    count.textContent = text.length > 1300 ? texts.left(LONGEST - text.length) : "";
    grow(field);
  };
  const submit = (event) => {
    event.preventDefault();
    const text = field.value.trim();
    field.focus();
    if (!text) return;
    onsend(text);
    show("");
  };
  field.addEventListener("input", () => {
    show(field.value);
    ondraft(field.value);
  });
  field.addEventListener("keydown", (event) => {
    // Enter also ends the composition of a letter, which Safari tells by 229.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) submit(event);
  });
  const form = make(
    "form", { class: "composer", onsubmit: submit },
    make("label", { for: "field" }, texts.field, " ", count),
    make("div", { class: "row" }, field, make("button", { class: "main" }, texts.send)),
    make("span", { class: "hidden", id: "hint" }, texts.hint),
  );
  return { form, field, show };
};

const grow = (field) => {
  field.rows = 1;
  while (field.scrollHeight > field.clientHeight + 2 && field.rows < 5) field.rows += 1;
};

export class Sheet {
  #opener = null;

  constructor(panel) {
    this.panel = panel;
    this.element = make("div", { class: "sheet", role: "group", "aria-labelledby": "question", hidden: true });
  }

  get isOpen() {
    return !this.element.hidden;
  }

  close() {
    this.element.hidden = true;
    this.#opener?.focus();
  }

  askErase() {
    const { panel } = this;
    const { texts } = panel;
    const erase = () => {
      this.close();
      return panel.attempt(() => panel.conversation.erase());
    };
    const yes = button(texts.eraseYes, erase, { class: "main" });
    this.#open(texts.eraseAsk, make("div", { class: "row" }, yes, button(texts.eraseNo, () => this.close(), { class: "main" })));
  }

  askRating() {
    const { texts } = this.panel;
    this.#open(texts.rateAsk, judging({ seq: null }, this.panel, texts.rateFull), button(texts.sheetClose, () => this.close(), { class: "quiet" }));
  }

  #open(question, ...content) {
    this.#opener = this.panel.root.activeElement;
    this.element.replaceChildren(make("p", { id: "question" }, question), ...content);
    this.element.hidden = false;
    this.element.querySelector("button").focus();
  }
}

const NEAR_PX = 60;
const MARGIN_PX = 12;

export class Reading {
  kept = null;
  #unread = null;

  constructor({ texts, scroller }) {
    this.scroller = scroller;
    this.more = button(texts.newMessages, () => this.#catchUp(), { class: "fresh", hidden: true });
  }

  get atBottom() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller();
    return scrollHeight - clientHeight - scrollTop < NEAR_PX;
  }

  // Null is the bottom, wherever that will be.
  keep() {
    if (this.scroller().clientHeight) this.kept = this.atBottom ? null : this.scroller().scrollTop;
    return this.kept;
  }

  restore(place = this.kept) {
    this.scroller().scrollTop = place ?? this.scroller().scrollHeight;
  }

  // An answer is read from its beginning; who reads older lines is not disturbed.
  arrived(node, wasAtBottom) {
    if (wasAtBottom) this.#show(node);
    else {
      this.#unread ??= node;
      this.more.hidden = false;
    }
  }

  scrolled() {
    if (this.atBottom) this.#forget();
  }

  #show(node) {
    const box = this.scroller();
    box.scrollTop += node.getBoundingClientRect().top - box.getBoundingClientRect().top - MARGIN_PX;
  }

  #catchUp() {
    this.#show(this.#unread);
    this.scroller().focus({ preventScroll: true });
    this.#forget();
  }

  #forget() {
    this.#unread = null;
    this.more.hidden = true;
  }
}
