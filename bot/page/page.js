// A plain page to try the assistant: no library, text only through textContent.
const messages = document.getElementById("messages");
const form = document.getElementById("form");
const field = document.getElementById("text");
let token = null;

const element = (name, className, text) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
};

const add = (node) => {
  messages.append(node);
  node.scrollIntoView({ block: "end" });
};

const post = async (path, body) => {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  const answer = await fetch(`webhooks/web/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  return answer.json();
};

const link = (href, text) => {
  const made = element("a", null, text);
  made.href = href;
  if (href.startsWith("http")) {
    made.target = "_blank";
    made.rel = "noopener noreferrer";
  }
  return made;
};

const card = (shown) => {
  const box = element("article", "card");
  box.append(element("h2", null, shown.name), element("p", null, shown.does));
  if (shown.why) box.append(element("p", "why", `Pourquoi\u00a0: ${shown.why.join("; ")}.`));
  if (shown.caution) box.append(element("p", "caution", shown.caution));
  if (shown.first_step) box.append(element("p", null, `Premier pas\u00a0: ${shown.first_step}`));
  const reach = element("p", "reach");
  if (shown.phone) reach.append(link(`tel:${shown.phone.replace(/[^\d+]/g, "")}`, shown.phone), " ");
  if (shown.email) reach.append(link(`mailto:${shown.email}`, shown.email), " ");
  if (shown.website) reach.append(link(/^https?:/.test(shown.website) ? shown.website : `https://${shown.website}`, "Site"));
  if (reach.childNodes.length) box.append(reach);
  if (shown.source) box.append(element("p", "source", `Source\u00a0: ${shown.source}, ${shown.as_of}.`));
  return box;
};

const choice = ({ title, payload }, group) => {
  const button = element("button", null, title);
  button.type = "button";
  button.addEventListener("click", () => {
    for (const other of group.children) other.disabled = true;
    button.setAttribute("aria-pressed", "true");
    send({ payload }, title);
  });
  return button;
};

const show = (replies) => {
  for (const reply of replies) {
    const bubble = element("div", "bot");
    if (reply.text) bubble.append(element("p", null, reply.text));
    bubble.append(...reply.cards.map(card));
    if (reply.buttons.length) {
      const group = element("div", "choices");
      group.append(...reply.buttons.map((b) => choice(b, group)));
      bubble.append(group);
    }
    add(bubble);
  }
};

const send = async (body, shown) => {
  // Buttons are those of the last reply: the server takes no other.
  for (const spent of messages.querySelectorAll(".choices button")) spent.disabled = true;
  const said = element("div", "user", shown);
  add(said);
  const waiting = element("div", "bot waiting", "…");
  add(waiting);
  try {
    token ??= (await post("conversations", {})).token;
    show((await post("messages", body)).replies);
  } catch {
    show([{ text: "La connexion est coupée. Réessayez dans un instant, ou appelez votre MRC.", buttons: [], cards: [] }]);
  }
  waiting.remove();
  // A reply is read from its beginning, the first card before the last.
  said.scrollIntoView({ block: "start" });
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  send({ text }, text);
});

field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    form.requestSubmit();
  }
});
