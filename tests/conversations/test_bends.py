"""The guided search bends with people, at each of its questions: they ask, correct, do not know, wonder why, leave, start again."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

MOST_TURNS = 5
NOT_UNDERSTOOD = "pas bien saisi|pas bien compris|j'hesite|je n'ai pas compris|pas de reponse sure"
NO_QUESTION = "nothing"
# What a search for money asks of someone of whom nothing is known.
ALL_OF_MONEY = ("place", "legal_form", "stage", "amount")
# A question of the search: the message that leads to it, and what was said by then.
OPENINGS = {
    "need": "on est une coop à Granby",
    "place": "on cherche de l'argent pour notre coop",
    "legal_form": "notre groupe à Drummondville a besoin de financement",
    "stage": "notre obnl de Rimouski cherche du financement",
    "amount": "notre coop démarre à Alma pis on cherche du financement",
}
ANSWERS = {"need": "du financement", "place": "Matane", "legal_form": "une coop", "stage": "on démarre", "amount": "40 000 $"}
# Territory codes, so that the test does not trust the linker.
CODES = {"Granby": "47017", "Matane": "08053", "Drummondville": "49058", "Rimouski": "10043", "Alma": "93042"}
CODES |= {"Bromont": "46078", "Cowansville": "46080", "Nicolet": "50072", "Roberval": "91025", "Sept-Îles": "97007"}
WHERE = {"need": "Granby", "place": "Matane", "legal_form": "Drummondville", "stage": "Rimouski", "amount": "Alma"}
REASONS = {
    "need": "memes organismes",
    "place": "territoire precis",
    "legal_form": "seulement les cooperatives",
    "stage": "s'arretent au demarrage",
    "amount": "un minimum et un maximum",
}
# A question of people, and what its answer holds.
IN_THE_MIDDLE = {
    "en passant, le RISQ charge-tu de l'intérêt?": "5 % et 8 %",
    "une affaire avant: une coop, ça se part à combien de monde minimum?": "cinq",
    "je me demandais, un mentor, faut-il le payer?": "tarif|benevol",
    "c'est qui ça, Filaction?": "filaction",
    "ça veut dire quoi, consolidation?": "raffermir",
    "la Fiducie du Chantier veut-elle une garantie": "garantie",
}
DONT_KNOW = (
    "je sais pas",
    "euh, j'en sais trop rien",
    "ça, j'pourrais vraiment pas te dire",
    "on s'est pas encore branchés là-dessus",
    "bonne question, on l'ignore",
    "mon associé le saurait, pas moi",
)
WHY = (
    "pourquoi tu demandes ça?",
    "ça t'avance à quoi de le savoir?",
    "dans quel but posez-vous cette question-là?",
    "c'est-tu vraiment nécessaire que je réponde à ça?",
    "kessé que ça change pour toi?",
)
LEAVE = (
    "laisse faire",
    "bon ben laissez faire ça, merci quand même",
    "non oublie ça, on va s'arranger tout seuls",
    "arrête tes questions, j'ai plus le temps",
    "on va en rester là pour aujourd'hui",
)
START_AGAIN = (
    "recommence",
    "attends, on reprend ça tout du début",
    "je voudrais repartir ma recherche à neuf",
    "ok on remet le compteur à zéro",
)
# The question that stands, the correction, what the project then is, and what it is no more.
CORRECTIONS = (
    ("need", "ah scuse, on est à Cowansville, pas à Granby", "Cowansville", "une cooperative.*cowansville", "granby"),
    ("need", "en fait on est un OBNL, j'ai mal dit", "Granby", "un obnl.*granby", "une cooperative"),
    ("need", "attends, le projet va se faire à Bromont", "Bromont", "une cooperative.*bromont", "granby"),
    ("place", "non, je me suis mal exprimée, on est un obnl", "Matane", "un obnl", "une cooperative"),
    ("place", "à bien y penser c'est un mentor qu'il nous faudrait", "Matane", "mentorat", "pour du financement"),
    ("place", "scusez, pas une coop, on est pas encore constitués", "Matane", "pas encore constitue", "une cooperative"),
    ("legal_form", "pardon, pas Drummondville, Nicolet", "Nicolet", "nicolet", "drummondville"),
    ("legal_form", "je me suis trompée de ville, c'est Sept-Îles", "Sept-Îles", "sept-iles", "drummondville"),
    ("legal_form", "en vrai, ce qui nous manque c'est de l'accompagnement", "Drummondville", "pour un accompagnement", "du financement"),
    ("stage", "erreur de ma part: on est une coop", "Rimouski", "une cooperative", "un obnl"),
    ("stage", "minute, le projet est à Matane, pas à Rimouski", "Matane", "un obnl.*matane", "pour rimouski"),
    ("stage", "oublie l'argent, c'est un mentor qu'on veut", "Rimouski", "mentorat", "pour du financement"),
    ("amount", "ben non, on démarre pas, on est en croissance", "Alma", "en croissance", "en demarrage"),
    ("amount", "scuse, notre affaire c'est un obnl, pas une coop", "Alma", "un obnl", "une cooperative"),
    ("amount", "ah c'est encore juste une idée, on est pas en démarrage", "Alma", "a l'etape de l'idee", "en demarrage"),
    ("amount", "changement de plan, ça va se passer à Roberval", "Roberval", "roberval", "alma"),
    ("amount", "pas d'argent finalement, une formation pour notre équipe", "Alma", "pour de la formation", "du financement"),
)
STAGES = {
    "idee": ("c'est juste une idée pour l'instant", "a l'etape de l'idee"),
    "predemarrage": ("on est en prédémarrage", "en predemarrage"),
    "demarrage": ("on vient d'ouvrir", "en demarrage"),
    "croissance": ("on est en pleine croissance", "en croissance"),
    "consolidation": ("on est en consolidation", "en consolidation"),
    "transfert": ("on est en train de racheter l'entreprise", "en transfert ou en reprise"),
}
NEEDS = {
    "financement": ("on cherche 60 000 $ de financement", "60 000 \\$"),
    "mentorat": ("on cherche un mentor", "mentorat"),
    # Who accompanies a takeover is told under its own name.
    "accompagnement": ("on cherche de l'accompagnement", "pour (?:un accompagnement|la reprise)"),
}
PROJECTS = (("notre coop", "Granby"), ("notre obnl", "Sept-Îles"), ("notre coop", "Rimouski"), ("notre obnl", "Alma"))


@dataclass
class Search:
    """One conversation: what is said and shown, which slot each turn asks, and what is wrong with it."""

    person: Any
    name: str
    asked_in: Callable[[str], str]
    folded: Callable[[str], str]
    wrong_cards: Callable[[Any, str], list[str]]
    asked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    shown: Any = None

    def say(self, text: str) -> None:
        """Say `text`; the slot that the bubbles ask for last is kept in `asked`."""
        self.shown = self.person.say(self.name, text)
        intent = self.shown.intent
        self.told += [f"> {text}   [{intent.get('name')} {intent.get('confidence', 0):.2f}]", *(f"    {line}" for line in self.shown.texts)]
        bubbles = self.folded(" ".join(reply["text"] for reply in self.shown.replies))
        self.asked.append(NO_QUESTION if self.shown.cards else self.asked_in(bubbles))

    def open(self, slot: str) -> None:
        """Say what leads to the question on `slot`."""
        self.say(OPENINGS[slot])
        assert self.asked == [slot], self.shown.raw

    def answer_the_rest(self) -> None:
        """Answer what is asked until organisations are shown, or nothing more is asked."""
        for _ in range(MOST_TURNS):
            if self.asked[-1] == NO_QUESTION:
                break
            self.say(ANSWERS[self.asked[-1]])

    def shows(self, pattern: str) -> None:
        """What is shown now holds `pattern`."""
        self.wrong += [] if re.search(pattern, self.shown.folded) else [f"turn {len(self.asked)} does not show « {pattern} »"]

    def hides(self, pattern: str) -> None:
        """What is shown now does not hold `pattern`."""
        self.wrong += [f"turn {len(self.asked)} shows « {pattern} »"] if re.search(pattern, self.shown.folded) else []

    def asks(self, slot: str) -> None:
        """The last turn asks for `slot`."""
        self.wrong += [] if self.asked[-1] == slot else [f"turn {len(self.asked)} asks {self.asked[-1]}, not {slot}"]

    def goes_on_to_organisations(self, place: str | None, since: int, known: tuple[str, ...] = ()) -> None:
        """The rest is answered; what is `known`, or asked from the turn `since` on, is not asked twice; it ends near `place`."""
        self.answer_the_rest()
        asked = [*known, *(slot for slot in self.asked[since:] if slot != NO_QUESTION)]
        self.wrong += [f"asks {slot} twice" for slot in dict.fromkeys(asked) if asked.count(slot) > 1]
        self.wrong += self.wrong_cards(self.shown, CODES[place]) if place else [] if self.shown.cards else ["no organisation is shown"]

    def check(self) -> None:
        """Fail with the conversation when anything was wrong."""
        if self.wrong:
            pytest.fail("\n".join([*self.wrong, "", *self.told]), pytrace=False)


@pytest.fixture
def search(person, asked_in, folded, wrong_cards, request) -> Search:
    """A conversation of its own."""
    return Search(person, request.node.name, asked_in, folded, wrong_cards)


@pytest.mark.parametrize("slot", OPENINGS)
@pytest.mark.parametrize("question", IN_THE_MIDDLE)
def test_a_question_in_the_middle_is_answered_and_ours_comes_back(slot, question, search):
    search.open(slot)
    search.say(question)
    search.shows(IN_THE_MIDDLE[question])
    search.hides(NOT_UNDERSTOOD)
    search.asks(slot)
    search.goes_on_to_organisations(WHERE[slot], since=1)
    search.check()


@pytest.mark.parametrize(("slot", "text", "place", "now", "before"), CORRECTIONS, ids=[f"{c[0]}-{c[1]}" for c in CORRECTIONS])
def test_a_correction_is_used_in_the_organisations_that_follow(slot, text, place, now, before, search):
    search.open(slot)
    search.say(text)
    search.hides(NOT_UNDERSTOOD)
    if search.asked[-1] != NO_QUESTION:
        search.asks(slot)
    search.goes_on_to_organisations(place, since=1)
    search.shows(now)
    search.wrong += [f"still « {before} »"] if re.search(before, search.folded(search.shown.replies[0]["text"])) else []
    search.check()


@pytest.mark.parametrize("slot", OPENINGS)
@pytest.mark.parametrize("text", DONT_KNOW)
def test_what_people_do_not_know_is_left_out_and_organisations_are_shown(slot, text, search):
    search.open(slot)
    search.say(text)
    search.hides(NOT_UNDERSTOOD)
    search.goes_on_to_organisations(None if slot == "place" else WHERE[slot], since=1, known=(slot,))
    search.check()


@pytest.mark.parametrize("slot", OPENINGS)
@pytest.mark.parametrize("text", WHY)
def test_why_is_answered_by_the_reason_and_the_question_comes_back(slot, text, search):
    search.open(slot)
    search.say(text)
    search.shows(REASONS[slot])
    search.asks(slot)
    search.goes_on_to_organisations(WHERE[slot], since=1)
    search.check()


@pytest.mark.parametrize("slot", OPENINGS)
@pytest.mark.parametrize("text", LEAVE)
def test_leaving_ends_the_search_and_nothing_asks_on(slot, text, search):
    search.open(slot)
    for said in (text, "merci", "c'est quoi la CDRQ"):
        search.say(said)
        search.asks(NO_QUESTION)
        search.hides("pour revenir a votre recherche")
        search.hides(NOT_UNDERSTOOD)
    search.shows("cdrq")
    search.check()


@pytest.mark.parametrize("slot", OPENINGS)
@pytest.mark.parametrize("text", START_AGAIN)
def test_starting_again_forgets_what_was_said(slot, text, search):
    search.open(slot)
    search.say(text)
    search.shows("zero")
    search.say("on veut du financement")
    search.goes_on_to_organisations("Matane", since=1)
    search.wrong += [] if search.asked[2:] == [*ALL_OF_MONEY, NO_QUESTION] else [f"asks {search.asked[2:]}"]
    search.hides("granby|drummondville|rimouski|alma")
    search.check()


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("need", NEEDS)
@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project[1])
def test_an_opening_that_says_everything_is_answered_by_organisations(stage, need, project, search):
    (who, place), (at, shown_stage), (wants, shown_need) = project, STAGES[stage], NEEDS[need]
    search.say(f"{who} est à {place}, {at} et {wants}")
    search.goes_on_to_organisations(place, since=0)
    search.wrong += [] if search.asked == [NO_QUESTION] else [f"asks {search.asked}"]
    search.shows(shown_need)
    search.shows(shown_stage)
    search.check()
