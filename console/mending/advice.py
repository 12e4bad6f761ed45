"""What staff are told before a sentence is accepted: what forbids it, and what they should look at twice."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from console.mending.labels import Label, are_neighbours, name_of
from console.mending.likeness import SAME, sameness
from console.mending.names import probable_names
from console.mending.sentences import Sentences
from journal.corrections import sentence_key

# In characters: the longest sentence of the training data has 222.
LONG, LONGEST = 220, 400
# Of the words of a sentence, how many are known of the training data; fewer words tell nothing.
FRENCH, FEWEST_WORDS = 0.6, 3
NOT_FRENCH = ("speak_english", "prompt_injection")
LOOKED_AT = 8
_MARK = re.compile(r"\[[A-Z_]{3,12}(?:_\d+| \w{3})\]")
_ANNOTATION = re.compile(r"\]\(|\]\{")

Mask = Callable[[str], tuple[str, list[str]]]


@dataclass(frozen=True)
class Advice:
    """One thing to know of a sentence: its code, what it says in French, and whether it forbids that the sentence be accepted."""

    code: str
    told: str
    forbids: bool = False


@dataclass(frozen=True)
class Desk:
    """What advice is given with: the sentences of the project, the labels, what was accepted and is not in them yet, the mask of personal
    data, and the words of the names of places and organisations."""

    sentences: Sentences
    labels: Mapping[str, Label]
    mask: Mask
    accepted: Sequence[tuple[str, str]] = ()
    known_names: Collection[str] = ()

    def name(self, code: str) -> str:
        """The name of a label."""
        return name_of(self.labels, code)


def cleaned(text: str) -> str:
    """Return a sentence on one line, without the signs that no file of sentences holds."""
    kept = "".join(sign if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Cn", "Co") else " " for sign in text)
    return " ".join(kept.split())


def advise(desk: Desk, sentence: str, label: str) -> list[Advice]:
    """Return what there is to know before `sentence` (`cleaned`) trains `label`, what forbids it first."""
    found = [*_form(sentence), *_personal(desk, sentence)]
    if label not in desk.labels:
        return [*found, Advice("no_label", "Choisissez ce que la phrase veut dire.", forbids=True)]
    found += _places(desk, sentence, label)
    found += _people(desk, sentence)
    found += _french(desk, sentence, label)
    return sorted(found, key=lambda each: not each.forbids)


def _form(sentence: str) -> list[Advice]:
    if not sentence_key(sentence):
        return [Advice("empty", "Il ne reste pas un mot à apprendre.", forbids=True)]
    if _ANNOTATION.search(sentence):
        return [Advice("annotated", "Enlevez les signes «\u00a0](\u00a0» et «\u00a0]{\u00a0», qui ont un autre sens ici.", forbids=True)]
    length = f"{len(sentence)}\u00a0caractères"
    if len(sentence) > LONGEST:
        return [Advice("too_long", f"La phrase a {length}\u00a0: raccourcissez-la à {LONGEST} au plus.", forbids=True)]
    if len(sentence) > LONG:
        return [Advice("long", f"La phrase est longue ({length})\u00a0: ce qui compte s’y noie. Gardez la question.")]
    return []


def _personal(desk: Desk, sentence: str) -> list[Advice]:
    if _MARK.search(sentence):
        return [Advice("mark", "Un renseignement personnel y a été masqué\u00a0: enlevez la marque entre crochets.", forbids=True)]
    if desk.mask(sentence)[1]:
        return [Advice("personal", "Un renseignement personnel s’y trouve\u00a0: enlevez-le avant d’accepter.", forbids=True)]
    return []


def _people(desk: Desk, sentence: str) -> list[Advice]:
    names = probable_names(sentence, desk.sentences.ordinary, desk.known_names)
    if not names:
        return []
    shown = ", ".join(names[:4])
    return [Advice("name", f"Est-ce le nom d’une personne? {shown}. Si oui, remplacez-le (par exemple «\u00a0ma voisine\u00a0»).")]


def _french(desk: Desk, sentence: str, label: str) -> list[Advice]:
    words = sentence_key(sentence).split()
    if label in NOT_FRENCH or len(words) < FEWEST_WORDS:
        return []
    share = sum(word in desk.sentences.words or word.isdigit() for word in words) / len(words)
    return [] if share >= FRENCH else [Advice("not_french", "Peu de ces mots sont connus en français\u00a0: la phrase se lit-elle?")]


def _places(desk: Desk, sentence: str, label: str) -> list[Advice]:
    """Return what the sentence meets: itself, in the tests or in the training, or sentences that say the same."""
    key = sentence_key(sentence)
    if not key:
        return []
    if key in desk.sentences.examined:
        told = "Cette phrase sert à examiner l’assistant (dossier tests)\u00a0: apprise, elle n’examinerait plus rien."
        return [Advice("examined", told, forbids=True)]
    accepted = {sentence_key(text): (text, owner) for text, owner in desk.accepted}
    held = desk.sentences.owners.get(key) or accepted.get(key)
    if held:
        return [_held(desk, held, label)]
    return _alike(desk, key, label, accepted)


def _held(desk: Desk, held: tuple[str, str], label: str) -> Advice:
    text, owner = held
    if owner == label:
        return Advice("there", f"Elle y est déjà\u00a0: «\u00a0{text}\u00a0».", forbids=True)
    told = f"La même phrase est apprise comme «\u00a0{desk.name(owner)}\u00a0», et une phrase n’a qu’un sens. "
    return Advice("elsewhere", told + _between(desk, label, owner), forbids=True)


def _alike(desk: Desk, key: str, label: str, accepted: Mapping[str, tuple[str, str]]) -> list[Advice]:
    keys = list(desk.sentences.owners)
    near = [keys[number] for number, _ in desk.sentences.nearest([key], LOOKED_AT)[0]]
    pairs = {each: desk.sentences.owners[each] for each in near} | dict(accepted)
    alike = sorted(((sameness(key, each), each) for each in pairs), reverse=True)
    same = [pairs[each] for likeness, each in alike if likeness >= SAME]
    found = []
    if other := next((pair for pair in same if pair[1] != label), None):
        told = f"Presque la même phrase est apprise comme «\u00a0{desk.name(other[1])}\u00a0»\u00a0: «\u00a0{other[0]}\u00a0». "
        found.append(Advice("contradicts", told + _between(desk, label, other[1])))
    if mine := next((pair for pair in same if pair[1] == label), None):
        found.append(Advice("adds_nothing", f"Elle n’apprend presque rien de plus que «\u00a0{mine[0]}\u00a0», déjà apprise ainsi."))
    return found


def _between(desk: Desk, label: str, other: str) -> str:
    if not are_neighbours(desk.labels, label, other):
        return "Si c’est l’autre sens qui est juste, choisissez-le."
    both = "; ".join(f"«\u00a0{desk.name(code)}\u00a0»\u00a0: {_wants(desk, code)}" for code in (label, other))
    return f"Le registre les dit voisines. {both}."


def _wants(desk: Desk, label: str) -> str:
    told = desk.labels[label].wants or desk.labels[label].example
    return (told[:1].lower() + told[1:]).rstrip(".")
