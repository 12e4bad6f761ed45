"""What a real browser sees of the console: pages of members of staff, and what axe finds wrong in them."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page
from staff import PASSWORD

# Without preloading: axe would fetch the style sheets again.
OPTIONS = {"resultTypes": ["violations"], "preload": False}
TABLET = {"viewport": {"width": 768, "height": 1024}}
LOOKS = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "tablet": TABLET,
    "narrow": {"viewport": {"width": 360, "height": 740}},
}


class Seen:
    """A page of the console in a browser. What it says in its console (a refused script, an error) is kept: there should be none."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.url, self.said = url, []
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text) if message.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def go(self, path: str) -> "Seen":
        """Open a path of the console."""
        self.page.goto(self.url + path)
        return self

    def come_in(self, username: str) -> "Seen":
        """Log in by the form."""
        self.go("/connexion")
        self.page.get_by_label("Nom d’utilisateur").fill(username)
        self.page.get_by_label("Mot de passe", exact=False).first.fill(PASSWORD)
        self.page.get_by_role("button", name="Se connecter").click()
        self.page.wait_for_url(self.url + "/")
        return self

    def violations(self) -> list[str]:
        """Return what axe finds wrong in the page as it is."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate("options => axe.run(options)", OPTIONS)["violations"]
        return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]

    def too_wide(self) -> bool:
        """The page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
