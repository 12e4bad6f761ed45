// The window: what is shown, where the focus is, what is said to the visitor.
import { Conversation } from "./conversation.js";
import { button, make } from "./dom.js";
import { MessageList } from "./messages.js";
import { composer, fit, FULL, keepFocus, LOW, notice, Reading, Sheet } from "./parts.js";

export class Panel {
  isOpen = false;
  #seen = null;

  constructor({ host, root, texts, api, emit, close, unread, signal }) {
    Object.assign(this, { host, root, texts, emit, close, unread });
    this.conversation = new Conversation({
      api, channel: new BroadcastChannel("aiguilleur"), local: () => localStorage, session: () => sessionStorage,
      tell: (kind, detail) => this.#hear(kind, detail),
    });
    this.list = new MessageList(this);
    this.reading = new Reading({ texts, scroller: () => (LOW.matches ? this.element : this.scroller) });
    this.#build();
    this.#watch(signal);
    const { held, tab } = this.conversation;
    this.#seen = tab.seen ?? null;
    this.reading.kept = tab.scroll ?? null;
    if (held) this.#resume();
    else this.#offer();
  }

  open({ focus }) {
    this.isOpen = true;
    this.element.hidden = false;
    fit(this.element);
    this.#reveal();
    this.#see();
    this.conversation.remember({ open: true });
    if (this.conversation.messages.length) this.conversation.fetch();
    if (focus) this.focus();
  }

  hide() {
    this.#keepPlace();
    this.isOpen = false;
    this.element.hidden = true;
    this.conversation.remember({ open: false });
  }

  // On a phone, a field in focus opens a keyboard over what is to be read.
  focus() {
    (this.conversation.held ? (matchMedia("(pointer: coarse)").matches ? this.scroller : this.composer.field) : this.body.querySelector("button.main"))?.focus();
  }

  // Said aloud, and shown as well where nothing else would show it.
  say(text, shown = false) {
    this.alert.textContent = "";
    (shown ? this.status : this.spoken).textContent = text;
  }

  fail(error) {
    this.alert.textContent = (error.status && error.message) || (error.status ? this.texts.refused : this.texts.offline);
    this.emit("failed", { code: error.code ?? "offline" });
  }

  // What `ask` gives, or null once the failure is said.
  async attempt(ask) {
    this.alert.textContent = "";
    this.#showTrouble(this.conversation.trouble);
    try {
      return await ask();
    } catch (error) {
      // 401 and 410 end the conversation, which has its own words.
      if (error.status !== 401 && error.status !== 410) this.fail(error);
      return null;
    }
  }

  send(said) {
    this.alert.textContent = "";
    this.status.textContent = "";
    this.conversation.send(said);
    this.reading.restore(null);
  }

  #build() {
    const { texts } = this;
    this.body = make("div", { class: "body" });
    this.typing = make("div", { class: "typing", "aria-hidden": "true", hidden: true }, make("i"), make("i"), make("i"));
    this.scroller = make("div", { class: "scroller", tabindex: 0, role: "region", "aria-label": texts.log }, this.list.log, this.typing);
    this.spoken = make("p", { class: "hidden", role: "status" });
    this.status = make("p", { class: "status", role: "status" });
    this.alert = make("p", { class: "alert", role: "alert" });
    this.sheet = new Sheet(this);
    this.composer = composer({
      texts,
      onsend: (text) => {
        this.conversation.remember({ draft: "" });
        this.send({ text });
      },
      ondraft: (draft) => this.conversation.remember({ draft }),
    });
    this.bar = make(
      "div", { class: "bar", role: "group", "aria-label": texts.tools },
      button(texts.restart, () => this.send({ restart: true })),
      button(texts.erase, () => this.sheet.askErase()),
      button(texts.rate, () => this.sheet.askRating(), { "aria-label": texts.rateFull }),
    );
    this.element = make(
      "section", { class: "panel", role: "dialog", "aria-labelledby": "title", lang: texts.lang, hidden: true },
      make("div", { class: "head" },
        make("h2", { id: "title" }, texts.title, make("small", {}, ` ${texts.robot}`)),
        button("×", this.close, { class: "close", "aria-label": texts.close, title: texts.close })),
      this.bar, this.body, this.reading.more, this.spoken, this.status, this.alert, this.sheet.element, this.composer.form,
    );
  }

  #watch(signal) {
    const listen = (target, name, act) => target.addEventListener(name, act, { signal });
    listen(this.element, "keydown", (event) => this.#onKey(event));
    for (const box of [this.scroller, this.element]) listen(box, "scroll", () => this.reading.scrolled());
    listen(window, "online", () => this.conversation.wake());
    listen(window, "pagehide", () => this.#keepPlace());
    listen(document, "visibilitychange", () => {
      if (document.visibilityState === "visible") this.#refresh();
      else this.#keepPlace();
    });
    listen(FULL, "change", () => fit(this.element));
    listen(LOW, "change", () => this.#reveal());
    for (const name of ["resize", "scroll"]) listen(visualViewport, name, () => fit(this.element));
    signal.addEventListener("abort", () => this.conversation.stop());
  }

  #onKey(event) {
    if (event.key === "Tab") keepFocus(event, this.element, this.root);
    if (event.key !== "Escape") return;
    event.stopPropagation();
    if (this.sheet.isOpen) this.sheet.close();
    else this.close();
  }

  #keepPlace() {
    if (this.isOpen && this.conversation.held) this.conversation.remember({ scroll: this.reading.keep() });
  }

  #refresh() {
    if (this.isOpen && this.conversation.held) this.conversation.fetch();
  }

  #see() {
    const last = this.conversation.messages.findLast(({ from }) => from === "bot");
    if (last) this.conversation.remember({ seen: (this.#seen = last.seq) });
    this.#count(0);
  }

  #count(unread) {
    this.conversation.remember({ unread });
    this.unread(unread);
  }

  #unseen(messages) {
    return messages.filter(({ from, seq }) => from === "bot" && seq > (this.#seen ?? Infinity));
  }

  // Where the conversation was left, or the beginning of what came since.
  #reveal() {
    if (!this.conversation.held) return;
    this.reading.restore();
    const [first] = this.#unseen(this.conversation.messages);
    if (first) this.reading.arrived(this.list.node(first.seq), this.reading.kept === null);
  }

  #offer(...before) {
    const { host, texts } = this;
    const { view, first } = notice({
      texts, greeting: host.getAttribute("greeting"), contact: host.getAttribute("contact"), hostName: host.getAttribute("host-name"),
      begin: (keep) => this.#begin(keep),
    });
    view.prepend(...before);
    this.#face(view, false);
    return first;
  }

  #resume() {
    this.#talk();
    this.conversation.resume();
  }

  #talk() {
    this.#face(this.scroller, true);
    this.composer.show(this.conversation.tab.draft ?? "");
  }

  #face(view, talking) {
    this.body.replaceChildren(view);
    for (const part of [this.bar, this.composer.form]) part.hidden = !talking;
    for (const line of [this.status, this.alert, this.spoken]) line.textContent = "";
    this.sheet.element.hidden = true;
    this.reading.more.hidden = true;
    this.typing.hidden = true;
  }

  async #begin(keep) {
    const context = {};
    for (const name of ["place", "programme"]) if (this.host.getAttribute(name)) context[name] = this.host.getAttribute(name);
    this.list.listen();
    await this.attempt(async () => {
      await this.conversation.begin(keep, context);
      this.emit("begun", { keep });
      this.conversation.remember({ open: true });
      this.#talk();
      this.reading.restore(0);
      this.focus();
      this.say(this.conversation.messages.map(({ text }) => text).join(" "));
    });
  }

  #hear(kind, detail) {
    if (kind === "changed") this.#update(detail);
    if (kind === "sent") this.emit("sent", detail);
    if (kind === "refused") this.#refused(detail);
    if (kind === "ended") this.#ended(detail);
    if (kind === "begun") this.#resume();
    if (kind === "elsewhere") this.#refresh();
  }

  #update(added) {
    const { conversation } = this;
    const history = this.#seen === null;
    const wasAtBottom = this.reading.atBottom;
    this.list.sync(conversation);
    this.#showTyping(conversation.pending > 0);
    this.#showTrouble(conversation.trouble);
    if (!added.length) return;
    this.#place(added, wasAtBottom);
    for (const { last, seq, answers } of this.#unseen(added)) if (last) this.emit("answered", { cards: this.#cardsOf(answers), seq });
    if (this.isOpen || history) this.#see();
    else this.#count(this.#unseen(conversation.messages).length);
  }

  // The history comes silently; what follows it is read aloud.
  #place(added, wasAtBottom) {
    const first = added.find(({ from }) => from === "bot");
    if (this.list.log.ariaLive === "off") {
      this.#reveal();
      requestAnimationFrame(() => this.list.listen());
    } else if (first) this.reading.arrived(this.list.node(first.seq), wasAtBottom);
  }

  #cardsOf(answers) {
    return this.conversation.messages.filter((message) => message.answers === answers).flatMap(({ cards }) => cards ?? []).length;
  }

  #showTyping(due) {
    if (this.typing.hidden === !due) return;
    const wasAtBottom = this.reading.atBottom;
    this.typing.hidden = !due;
    this.spoken.textContent = due ? this.texts.typing : "";
    if (due && wasAtBottom) this.reading.restore(null);
  }

  #showTrouble(trouble) {
    const { texts, conversation } = this;
    const offline = conversation.queue.length ? texts.offlineSending : texts.offlineFetching;
    const text = trouble ? trouble.message || (trouble.offline ? offline : texts.offline) : "";
    if (this.status.textContent === text) return;
    const wasAtBottom = this.reading.atBottom;
    this.status.textContent = text;
    if (wasAtBottom) this.reading.restore(null);
  }

  #refused({ code, message, said }) {
    this.fail({ status: 400, code, message });
    if (!said?.text) return;
    const draft = [said.text, this.composer.field.value].filter(Boolean).join("\n");
    this.composer.show(draft);
    this.conversation.remember({ draft });
  }

  #ended({ erased, proof, message, draft }) {
    const { texts } = this;
    const focused = this.root.activeElement && this.element.contains(this.root.activeElement);
    this.list.clear();
    this.#seen = null;
    this.#count(0);
    if (erased) this.emit("erased", {});
    else this.emit("failed", { code: "no_conversation" });
    const proved = proof && make("p", {}, `${texts.proof} `, make("b", {}, proof));
    const box = make("div", { class: "ended", tabindex: -1 }, make("p", {}, erased ? message || texts.erased : texts.expired), proved);
    if (erased) this.#offer(box);
    else this.#expired(box, draft);
    if (focused) box.focus();
    else this.say(box.textContent);
  }

  #expired(box, draft) {
    const again = button(this.texts.beginAgain, () => this.#offer().focus(), { class: "main" });
    if (draft) box.append(make("p", {}, this.texts.draftKept), make("blockquote", {}, draft));
    this.#face(make("div", { class: "notice" }, box, again), false);
    this.composer.show(draft);
  }
}
