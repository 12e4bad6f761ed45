// <aiguilleur-widget> and its launcher: all that is loaded before the visitor opens it; until then nothing is asked or stored.
// Public: the attributes below, the aiguilleur:… events, open(), close(), toggle().

const HERE = import.meta.url;
const NAME = "aiguilleur-widget";
const ATTRIBUTES = ["lang", "color", "position", "greeting", "label", "place", "programme", "open", "scheme", "contact", "host-name"];

// Here because no other file is loaded yet.
const WORDS = {
  fr: {
    lang: "fr-CA", texts: "./texts.js", label: "Des questions? Aiguilleur", failed: "Aiguilleur ne s’ouvre pas. Réessayez.",
    unread: (n) => `(${n}\u00a0${n > 1 ? "nouveaux messages" : "nouveau message"})`,
  },
  en: {
    lang: "en-CA", texts: "./texts-en.js", label: "Questions? Aiguilleur", failed: "Aiguilleur does not open. Try again.",
    unread: (n) => `(${n} new ${n > 1 ? "messages" : "message"})`,
  },
};

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { all: initial; }
  :host([hidden]) { display: none; }
  .root { all: initial; direction: ltr; position: fixed; z-index: var(--aiguilleur-z, 2147483000);
    inset: auto var(--aiguilleur-x, 1em) var(--aiguilleur-y, 1em) auto;
    font: var(--aiguilleur-font-size, medium)/1.5 var(--aiguilleur-font, system-ui, "Segoe UI", Roboto, sans-serif); }
  :host([position=left]) .root { inset: auto auto var(--aiguilleur-y, 1em) var(--aiguilleur-x, 1em); }
  .launcher { all: unset; box-sizing: border-box; position: relative; display: flex; gap: .55em; align-items: center; min-height: 3.25em;
    max-width: calc(100vw - 2em); padding: .4em 1.25em .4em 1em; border: 2px solid transparent; cursor: pointer; font-weight: 600; line-height: 1.25;
    border-radius: var(--aiguilleur-radius, 1.7em); background: var(--aiguilleur-accent, var(--accent-given, #0b6b57)); color: var(--on-accent, #fff);
    box-shadow: 0 .3em 1.2em rgb(0 0 0 / .28); }
  .launcher:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #000; }
  .launcher svg { flex: none; width: 1.6em; height: 1.6em; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
  .badge { position: absolute; top: -.5em; right: -.3em; min-width: 1.5em; padding: .1em .3em; border-radius: 1em; box-sizing: border-box;
    background: #b3261e; color: #fff; border: 2px solid #fff; text-align: center; font-size: .85em; }
  .badge:empty { display: none; }
  .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; user-select: none; }`);

// As WCAG has it, but for a simpler curve: hence 4.9 below, and not 4.5.
const luminance = (rgb) => {
  const [red, green, blue] = rgb.map((part) => (part / 255) ** 2.2);
  return 0.05 + 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (one, other) => {
  const ratio = luminance(one) / luminance(other);
  return Math.max(ratio, 1 / ratio);
};

const WHITE = [255, 255, 255];
const BLACK = [0, 0, 0];
// Surfaces of widget.css on which the accent is hardest to read.
const LIGHT = [235, 240, 237];
const DARK = [38, 54, 50];

// The accent, brought towards black or white until it can be read as text.
const readable = (accent, surface, towards) => {
  let colour = accent;
  for (let share = 0; contrast(colour, surface) < 4.9; share += 0.05) colour = accent.map((part, i) => Math.round(part + (towards[i] - part) * share));
  return `rgb(${colour})`;
};

const stored = () => {
  try {
    return JSON.parse(sessionStorage.getItem("aiguilleur:tab"));
  } catch {
    return null;
  }
};

// A signpost with two arms: a bubble would promise a person.
const icon = () => {
  const [svg, path] = ["svg", "path"].map((name) => document.createElementNS("http://www.w3.org/2000/svg", name));
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M12 22V2M12 4h7l2 2.5L19 9h-7M12 11H5l-2 2.5L5 16h7");
  svg.append(path);
  return svg;
};

class AiguilleurWidget extends HTMLElement {
  static observedAttributes = ["color", "label"];
  #root = null;
  #frame;
  #name;
  #count;
  #badge;
  #launcher;
  #colours = new CSSStyleSheet();
  #panel = null;
  #loading = null;
  #tries = 0;
  #opened = false;
  #life = null;

  connectedCallback() {
    this.#root ??= this.attachShadow({ mode: "open" });
    this.#root.adoptedStyleSheets = [sheet, this.#colours];
    this.#life = new AbortController();
    this.#build();
    this.#dress();
    const tab = stored();
    this.#unread(tab?.unread ?? 0);
    if (tab?.open ?? this.hasAttribute("open")) this.open({ focus: false });
    // An answer may have been due on the page before.
    else if (tab?.pending || tab?.queue?.length) this.#load().catch(() => {});
  }

  disconnectedCallback() {
    this.#life.abort();
    this.#panel = this.#loading = null;
    this.#opened = false;
    this.#root.replaceChildren();
  }

  attributeChangedCallback() {
    if (this.isConnected && this.#life) this.#dress();
  }

  async open({ focus = true } = {}) {
    if (this.#opened) return focus && this.#panel?.focus();
    this.#opened = true;
    this.#dress();
    try {
      const panel = await this.#load();
      if (!this.#opened || panel !== this.#panel) return;
      this.#state();
      panel.open({ focus });
      this.#emit("opened", {});
    } catch {
      this.#opened = false;
      this.#name.textContent = this.#words.failed;
      this.#emit("failed", { code: "not_loaded" });
    }
  }

  close() {
    if (!this.#opened) return;
    this.#opened = false;
    const focused = this.#panel?.element.contains(this.#root.activeElement);
    this.#panel?.hide();
    this.#state();
    if (focused) this.#launcher.focus();
    this.#emit("closed", {});
  }

  toggle() {
    return this.#opened ? this.close() : this.open();
  }

  get #words() {
    return WORDS[this.getAttribute("lang")?.slice(0, 2)] ?? WORDS.fr;
  }

  #build() {
    const part = (name, className, ...children) => {
      const node = Object.assign(document.createElement(name), { className });
      node.append(...children);
      return node;
    };
    this.#name = part("span", "");
    this.#count = part("span", "hidden");
    this.#badge = part("span", "badge");
    this.#badge.ariaHidden = "true";
    this.#launcher = part("button", "launcher", icon(), this.#name, this.#count, this.#badge);
    this.#launcher.type = "button";
    this.#launcher.ariaHasPopup = "dialog";
    this.#launcher.addEventListener("click", () => this.toggle());
    this.#frame = part("div", "root", this.#launcher);
    this.#frame.lang = this.#words.lang;
    this.#root.replaceChildren(this.#frame);
    // In the top layer no style of the page covers it or cuts it; a page that gives a depth places it itself.
    this.#frame.popover = "manual";
    if (!getComputedStyle(this).getPropertyValue("--aiguilleur-z")) this.#frame.showPopover?.();
    this.#state();
  }

  #state() {
    this.#launcher.ariaExpanded = String(this.#opened);
    this.#frame.classList.toggle("opened", this.#opened);
  }

  #dress() {
    this.#name.textContent = this.getAttribute("label") || this.#words.label;
    const given = this.getAttribute("color");
    const accent = given && CSS.supports("color", given) ? `--accent-given: ${given};` : "";
    this.#colours.replaceSync(`:host { ${accent} }`);
    const [, ...parts] = getComputedStyle(this.#launcher).backgroundColor.match(/^rgba?\((\d+)\D+(\d+)\D+(\d+)/) ?? [0, 11, 107, 87];
    const rgb = parts.map(Number);
    const ink = contrast(rgb, WHITE) >= contrast(rgb, BLACK) ? "#fff" : "#000";
    this.#colours.replaceSync(`:host { ${accent} --accent: rgb(${rgb}); --on-accent: ${ink};
      --on-light: ${readable(rgb, LIGHT, BLACK)}; --on-dark: ${readable(rgb, DARK, WHITE)}; }`);
  }

  #load() {
    this.#loading ??= this.#loadAll().catch((error) => {
      this.#loading = null;
      throw error;
    });
    return this.#loading;
  }

  async #loadAll() {
    const { signal } = this.#life;
    // A browser remembers that an import failed: another address tries again.
    const again = this.#tries++ ? `?${this.#tries}` : "";
    const [{ Panel }, { default: texts }] = await Promise.all([import(`./panel.js${again}`), import(this.#words.texts + again), this.#style()]);
    if (signal.aborted) return null;
    this.#dress();
    this.#panel = new Panel({
      host: this, root: this.#root, texts, signal, api: new URL("v1/", HERE).href,
      emit: (name, detail) => this.#emit(name, detail), close: () => this.close(), unread: (count) => this.#unread(count),
    });
    this.#frame.prepend(this.#panel.element);
    return this.#panel;
  }

  #style() {
    return new Promise((resolve, reject) => {
      const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("widget.css", HERE).href, onload: resolve, onerror: reject });
      this.#root.append(link);
    });
  }

  #unread(count) {
    if (this.#badge.textContent === (count ? String(count) : "")) return;
    this.#badge.textContent = count || "";
    this.#count.textContent = count ? this.#words.unread(count) : "";
    this.#emit("unread", { count });
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`aiguilleur:${name}`, { bubbles: true, composed: true, detail }));
  }
}

// A page may also write the element itself.
const place = () => {
  const script = [...document.scripts].find(({ src }) => src === HERE);
  const element = document.createElement(NAME);
  for (const name of ATTRIBUTES) if (script?.hasAttribute(`data-${name}`)) element.setAttribute(name, script.getAttribute(`data-${name}`));
  document.body.append(element);
};

if (!customElements.get(NAME)) customElements.define(NAME, AiguilleurWidget);
if (!document.querySelector(NAME)) place();
