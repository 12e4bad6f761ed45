// Builds nodes: what the server gives is text, never markup, and only safe addresses become links.

const SAFE = /^(https:\/\/|tel:|mailto:)/i;
const DOMAIN = "(?:[\\p{L}\\d-]+\\.)+(?:ca|com|org|coop|quebec|net)";
const PHONE = "(?:\\+?1[ \\u00a0.-])?\\(?[2-9]\\d{2}\\)?[ \\u00a0.-]\\d{3}[ \\u2011.-]\\d{4}(?!\\d)";
// A short number is one that is dialled, not an amount, a count or an address.
const SHORT = "(?<=(?:^|[:(«/]|\\b(?:le|au|du|ou|composez|appelez|textez|faites))\\s*)(?:[2-9]11|988)(?![\\d%]|[ \\u00a0]*[$%]|[ \\u00a0]\\d|,\\d|,? rue)";
const LINKS = new RegExp(
  `(?<mail>[\\w.+-]+@[\\p{L}\\d-]+(?:\\.[\\p{L}\\d-]+)+)|(?<url>https://[^\\s<>«»"]*[^\\s<>«»".,;:!?)’\\]])`
  + `|(?<domain>(?<![\\p{L}\\w@./-])${DOMAIN}(?![\\w-])(?:/[^\\s<>«»"]*[^\\s<>«»".,;:!?)’\\]])?)`
  + `|(?<phone>(?<![\\d-])${PHONE}|${SHORT})`,
  "gimu",
);

// Functions named on… become listeners, other values attributes; null and false are left out.
export const make = (name, properties = {}, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (typeof value === "function") node.addEventListener(key.slice(2), value);
    else if (value != null && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child != null && child !== false));
  return node;
};

export const button = (label, onclick, properties = {}) => make("button", { type: "button", onclick, ...properties }, label);

export const hidden = (text) => make("span", { class: "hidden" }, text);

// The bare text when the address is not a safe one.
export const link = (href, text) => {
  if (!SAFE.test(href)) return text;
  return make("a", /^https/i.test(href) ? { href, target: "_blank", rel: "noopener noreferrer" } : { href }, text);
};

// Ten digits are a number of North America.
const dial = (phone) => {
  const digits = phone.replace(/\D/g, "");
  return `tel:${digits.length < 10 ? digits : `+1${digits.slice(-10)}`}`;
};

export const site = (address) => (/^[a-z]+:/i.test(address) ? address : `https://${address}`);

const target = ({ mail, url, domain, phone }) => {
  if (mail) return `mailto:${mail}`;
  return phone ? dial(phone) : url ?? site(domain);
};

export const linkify = (text) => {
  const pieces = [];
  let done = 0;
  for (const found of text.matchAll(LINKS)) {
    pieces.push(text.slice(done, found.index), link(target(found.groups), found[0]));
    done = found.index + found[0].length;
  }
  return [...pieces, text.slice(done)].filter((piece) => piece !== "");
};

// Paragraphs, and lists of the lines that begin with a dash or a bullet.
export const prose = (text) => {
  const blocks = [];
  let open = null;
  for (const line of text.split("\n")) {
    const item = line.match(/^\s*[-•]\s+(.*)/);
    const kind = item ? "ul" : "p";
    if (!line.trim()) {
      open = null;
      continue;
    }
    const first = open?.localName !== kind;
    if (first) blocks.push((open = make(kind)));
    if (item) open.append(make("li", {}, ...linkify(item[1])));
    else open.append(...(first ? [] : [make("br")]), ...linkify(line));
  }
  return blocks;
};
