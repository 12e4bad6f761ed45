// The protocol of docs/widget-protocol.md. It knows nothing of the page, so that node can test it.

export const NOTICE = "2026-11";
const HELD = "aiguilleur";
const TAB = "aiguilleur:tab";
const TIMEOUT_MS = 35_000;
const WAIT_S = 20;
const LONGEST_DELAY_S = 30;

// Whether the same request would be refused again.
const isFinal = ({ status }) => status >= 400 && status < 500 && ![401, 408, 410, 429].includes(status);
const isEnd = ({ status }) => status === 401 || status === 410;

// An error with a `status` comes from the server, and its message is for the visitor; another one is the network's.
const request = async ({ address, method, body, token, signal }) => {
  const cutter = new AbortController();
  const cut = () => cutter.abort();
  const timer = setTimeout(cut, TIMEOUT_MS);
  signal.addEventListener("abort", cut);
  if (signal.aborted) cut();
  const headers = {};
  if (body) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = `Bearer ${token}`;
  try {
    const answer = await fetch(address, {
      method, headers, body: body && JSON.stringify(body), signal: cutter.signal, credentials: "omit", cache: "no-store",
    });
    const given = await answer.json().catch(() => null);
    if (answer.ok && given) return given;
    const { message, code, proof } = given?.error ?? {};
    const status = answer.ok ? 503 : answer.status;
    throw Object.assign(new Error(message), { status, code: code ?? status, proof: proof ?? given?.proof, delay_s: Number(answer.headers.get("Retry-After")) || 5 });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", cut);
  }
};

const load = (area, key) => {
  try {
    return JSON.parse(area().getItem(key));
  } catch {
    return null;
  }
};

// A browser may refuse to store: the conversation then lasts as long as the page.
const save = (area, key, value) => {
  try {
    if (value) area().setItem(key, JSON.stringify(value));
    else area().removeItem(key);
  } catch {}
};

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export class Conversation {
  messages = [];
  pending = 0;
  trouble = null;
  #after = 0;
  #running = new Set();
  #asked = 0;
  #given = 0;
  #sleepers = new Map();
  #life = new AbortController();

  // `local` and `session` give storages or throw; `tell` hears changed, sent, refused, ended, begun and elsewhere.
  constructor({ api, local, session, tell, channel = null }) {
    Object.assign(this, { api, local, session, tell, channel });
    this.held = load(session, HELD) ?? load(local, HELD);
    const tab = load(session, TAB);
    this.consented = Boolean(this.held ?? tab);
    this.tab = tab ?? {};
    this.queue = this.tab.queue ?? [];
    if (channel) channel.onmessage = () => this.#hear();
  }

  // For the next page; nothing is stored before the visitor has agreed.
  remember(changes) {
    Object.assign(this.tab, changes);
    if (this.consented) save(this.session, TAB, this.tab);
  }

  async begin(keep, context) {
    const given = await this.#request("POST", "conversations", { keep, notice: NOTICE, ...context });
    this.consented = true;
    this.#forget();
    this.#hold({ id: newId(), token: given.token, keep });
    this.#take({ ...given, pending: 0 });
    this.#spread();
  }

  resume() {
    this.fetch();
    this.#sendAll();
  }

  // A `text`, a `choice` with its `title`, or a `restart`.
  send(said) {
    this.queue.push({ id: newId(), from: "user", at: new Date().toISOString(), ...said });
    this.#changed();
    this.#sendAll();
  }

  // Goes on asking only while an answer is due.
  fetch() {
    this.#asked += 1;
    return this.#run("fetch", () => this.#asked > this.#given || this.pending, () => this.#fetchPage());
  }

  judge(message, rating, more = {}) {
    return this.#ask("POST", "feedback", { message, rating, ...more });
  }

  share(message) {
    return this.#ask("POST", "shares", { message });
  }

  async erase() {
    const { proof, message } = await this.#ask("DELETE", "conversation");
    this.#end({ status: 410, proof, message });
    this.#spread();
  }

  // The network is back. What was told to wait goes on waiting.
  wake() {
    for (const [end, early] of this.#sleepers) if (early) end();
  }

  stop() {
    this.#cut();
    this.channel?.close();
    this.tell = () => {};
  }

  #cut() {
    this.#life.abort();
    for (const end of this.#sleepers.keys()) end();
  }

  #request(method, path, body) {
    return request({ address: this.api + path, method, body, token: this.held?.token, signal: this.#life.signal });
  }

  async #ask(...request) {
    try {
      return await this.#request(...request);
    } catch (error) {
      if (isEnd(error)) this.#end(error);
      throw error;
    }
  }

  #sendAll() {
    return this.#run("send", () => this.queue.length, async () => {
      const { id, text, choice, restart } = this.queue[0];
      this.#acknowledge(await this.#request("POST", "messages", { id, text, choice, restart }));
    });
  }

  // Takes one `step` after the other while they are `due`; those of one `name` never overlap.
  async #run(name, due, step) {
    if (this.#running.has(name)) return;
    this.#running.add(name);
    for (let tries = 0; this.held && due(); tries++) {
      try {
        await step();
        tries = -1;
      } catch (error) {
        if (name === "send" && isFinal(error)) this.#refuse(error, this.queue.shift());
        else if (!(await this.#recover(error, tries))) break;
      }
    }
    this.#running.delete(name);
  }

  #acknowledge({ message, pending }) {
    this.trouble = null;
    this.#put(message);
    const answered = this.messages.some((other) => other.answers === message.seq && other.last);
    if (!answered) this.pending = pending;
    this.#changed();
    this.tell("sent", { seq: message.seq });
    this.#spread();
    this.fetch();
  }

  #refuse({ code, message }, said) {
    this.tell("refused", { code, message, said });
    this.#changed();
  }

  async #fetchPage() {
    const started = Date.now();
    const wait = this.pending ? `&wait=${WAIT_S}` : "";
    const asked = this.#asked;
    const given = await this.#request("GET", `messages?after=${this.#after}${wait}`);
    this.trouble = null;
    if (given.token) this.#hold({ ...this.held, token: given.token });
    if (!given.more) this.#given = asked;
    this.#take(given);
    // A server that holds no request is not to be hurried.
    if (wait && !given.messages.length && Date.now() - started < 1000) await this.#sleep(1000, false);
  }

  // An acknowledged message may come before older ones: only a fetch moves the mark.
  #take({ messages, pending }) {
    const known = new Set(this.messages.map(({ seq }) => seq));
    for (const message of messages) {
      this.#put(message);
      this.#after = Math.max(this.#after, message.seq);
    }
    this.pending = pending ?? 0;
    this.#changed(messages.filter(({ seq }) => !known.has(seq)));
  }

  #put(message) {
    const place = this.messages.findIndex(({ seq }) => seq >= message.seq);
    if (place < 0) this.messages.push(message);
    else this.messages.splice(place, this.messages[place].seq === message.seq ? 1 : 0, message);
    this.queue = this.queue.filter(({ id }) => id !== message.id);
  }

  #changed(added = []) {
    this.remember({ queue: this.queue, pending: this.pending });
    this.tell("changed", added);
  }

  // Waits as long as the failure calls for; false when there is nothing to try again.
  async #recover(error, tries) {
    const { signal } = this.#life;
    if (signal.aborted) return false;
    if (isEnd(error)) this.#end(error);
    else if (isFinal(error)) this.#refuse(error);
    if (isEnd(error) || isFinal(error)) return false;
    const told = error.status === 429;
    this.trouble = { offline: !error.status, message: error.status && error.message };
    this.#changed();
    await this.#sleep(1000 * (told ? error.delay_s : Math.min(2 ** tries, LONGEST_DELAY_S)), !told);
    return !signal.aborted;
  }

  #sleep(delay_ms, early) {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#sleepers.delete(end);
        resolve();
      };
      const timer = setTimeout(end, delay_ms);
      this.#sleepers.set(end, early);
    });
  }

  #hold(held) {
    this.held = held;
    save(held.keep ? this.local : this.session, HELD, held);
  }

  #end({ status, proof, message }) {
    if (!this.held) return;
    const erased = status === 410;
    const unsent = this.queue.map(({ text }) => text).filter(Boolean);
    const draft = erased ? "" : [...unsent, this.tab.draft].filter(Boolean).join("\n");
    // Another tab may have begun anew since: that is not ours to remove.
    for (const area of [this.session, this.local]) if (load(area, HELD)?.id === this.held.id) save(area, HELD, null);
    // An answer that is still on its way belongs to no other conversation.
    this.#cut();
    this.#life = new AbortController();
    this.held = null;
    this.consented = !erased;
    this.#forget();
    this.tab = erased ? {} : { ...this.tab, draft };
    save(this.session, TAB, erased ? null : this.tab);
    this.tell("ended", { erased, proof, message, draft });
  }

  #forget() {
    Object.assign(this, { messages: [], queue: [], pending: 0, trouble: null });
    this.tab = { draft: this.tab.draft, open: this.tab.open };
    this.#after = 0;
  }

  // The other tabs ask the server what changed.
  #spread() {
    this.channel?.postMessage("changed");
  }

  #hear() {
    const begun = !this.held && load(this.local, HELD);
    if (begun) {
      this.held = begun;
      this.consented = true;
      this.tell("begun");
    }
    this.tell("elsewhere");
  }
}
