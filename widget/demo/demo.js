// What a webmaster may add around the widget: a button of the page that opens it, and the tag to copy.
for (const button of document.querySelectorAll("[data-open-chat]")) {
  button.addEventListener("click", () => document.querySelector("aiguilleur-widget")?.open());
}

// The tag shown names the server that this page comes from.
const tag = document.getElementById("tag");
if (tag) tag.textContent = tag.textContent.replace("https://HOST", location.origin);

const select = () => getSelection().selectAllChildren(tag);

document.getElementById("copy")?.addEventListener("click", async () => {
  const said = document.getElementById("copied");
  try {
    await navigator.clipboard.writeText(tag.textContent);
    said.textContent = "C’est copié.";
  } catch {
    select();
    said.textContent = "Le texte est sélectionné\u00a0: copiez-le avec Ctrl + C.";
  }
});
