"""What a text asks, by its marks: something (a question word, « -tu », a question mark), for names, for where to begin."""

import re

from directory.text import fold

_QUESTION = re.compile(
    r"\b(?:combien|comment|pourquoi|quels?|quelles?|quoi|est ce que|qu'est|ou est|quand|c'est qui)\b"
    r"|(?:peut|faut|a|est|fait|sont|ont|y|va)[ -]tu\b"
)

_WHICH = re.compile(r"(?:et |pis |mais )?(?:a |de |pour |par )?(?:qui|lequel|laquelle|lesquels|lesquelles)\b")
# « Prendrait-tu », « sont-ils »: read before the hyphen is lost.
_INVERTED = re.compile(r"\best-ce\b|\w-(?:tu|t-(?:il|elle|on)|ils?|elles?|on)\b|(?<!rendez)-vous\b", re.IGNORECASE)


def asks(text: str) -> bool:
    """Return whether `text` has the marks of a question."""
    return "?" in text or bool(_INVERTED.search(text)) or bool(_QUESTION.search(fold(text)))


# « Qui peut nous aider? », « vers qui se tourner », « quels organismes… »; not « un fonds qui prête ».
_SENTENCE = re.compile(r"(?<=[.?!:;\n])\s*")
_CLAUSE = re.compile(r"\s*,\s*|\s+(et|pis|mais|donc|alors|ni)\s+", re.IGNORECASE)
_HELPS = (
    r"(?:peut|pourrait|peuvent|pourraient|va|prete\w*|financ\w*|aide\w*|accompagn\w*|conseill\w*|soutien\w*|appui\w*|fait|font|donne\w*"
    r"|offr\w*|appel\w*|voir|contacter|joindre|rencontrer|consulter|s'occupe\w*|connai\w*|paye|paie|subvention\w*|investi\w*|embarque\w*"
    r"|a de l'argent|est la pour)"
)
_WHO_HELPS = (
    r"qui (?:c'est qu'on |c'est qui |est ce qui |est ce qu'on |(?:qu')?on |je |il faut |faut |(?:peut|pourrait) |(?:nous|me|vous|m'|s') ?)*"
    rf"{_HELPS}\b"
)
_ASKED_FIRST = re.compile(
    rf"(?:(?:bonjour|allo|salut|ok|bon|ben|c'est|ce serait|y a tu|ya tu) )*(?:(?:a|vers|avec|chez) )?{_WHO_HELPS}|qui est ce qu"
)
_WHO = re.compile(
    rf"\b(?:savoir|dire|sais pas|sait pas|savons pas|cherche|demande) (?:(?:a|vers|avec) )?{_WHO_HELPS}"
    r"|\b(?:a|vers|avec|chez|aupres de) qui "
    r"(?:(?:est ce que? )?(?:je|on|nous|j'|il) ?(?:peux|peut|pouvons|dois|doit|devons|devrai[st]|faut|me|m'|se|s'|nous)"
    r"|(?:m'|s'|nous |se |me )?(?:adresser|parler|demander|tourner|fier|aller|cogner|ecrire|telephoner))"
    r"|\bquell?e?s? (?:sont les )?(?:ressources?|organismes?|portes?|organisations?|preteurs?|bailleurs?|fonds|programmes?) "
    r"|\bquell?e?s? (?:ressources?|organismes?|portes?|organisations?)$"
    r"|\b(?:y a t il|y a tu|ya tu|existe t il|y'a t il|y'a tu) "
    r"(?:quelqu'un|du monde|une ressource|un organisme|des (?:gens|organismes?|ressources?))\b"
    r"|\bwho (?:do|can|could|should) (?:we|i|you)\b"
    r"|\bquelqu'un (?:peut|pourrait|qui (?:peut|pourrait|aide|connait))\b"
    r"|(?:^|\b(?:sais pas|sait pas|savons pas|savoir|dire) )ou (?:est ce qu'on |est ce que je |on |je )?"
    r"(?:peut |peux |doit |dois )?(?:aller|cogner|frapper|s'adresser|m'adresser|se tourner|me tourner|trouver de l'aide)\b"
)
_NOT_FOR_US = re.compile(r"\b(?:reserve\w*|destine\w*|ca) (?:s'adresse )?a qui\b|\ba qui (?:ca )?s'adresse\b")
_BEGINNING = re.compile(
    r"\bpar (?:ou|quoi|quel bout) "
    r"(?:(?:je|on|nous|il|est ce qu'on|est ce que je|qu'on|que|faut|doit|dois|devons|devrait|devrais|devrions) )*(?:commenc|debut|part)"
    r"|\b(?:commenc|debut|par[st])\w* (?:par )?(?:ou|quoi)\b"
    r"|\bquoi (?:qu'il |qu'on |qui )?(?:faut|doit|dois) faire\b|\bqu'est ce (?:qu'il|qui|qu'on) (?:faut|doit) faire\b"
    r"|\b(?:quel|quoi|le|mon|notre) (?:est )?(?:le )?premier pas\b|\b(?:par[st]|partons) de (?:zero|rien)\b"
)
# « Faut-tu faire un OBNL ou une coop? »
_COOP, _OBNL = r"\bcoop\w*", r"\b(?:obnl|osbl)\b"
_WHICH_FORM = re.compile(rf"{_COOP}(?: [\w']+){{0,4}} ou (?:[\w']+ ){{0,3}}{_OBNL}|{_OBNL}(?: [\w']+){{0,4}} ou (?:[\w']+ ){{0,3}}{_COOP}")
# « À part le RISQ, qui prête? »
_BUT = re.compile(r"\ba part (?!ca\b|entiere)|\b(?:sauf|excepte|autres? (?:\w+ )?qu\w*|a l'exception d\w*|ailleurs qu\w*|hormis)\b")


def has_question_word(text: str) -> bool:
    """Return whether a question is put by its words, not by its mark alone (« une fois par mois? »)."""
    folded = fold(text)
    return bool(_INVERTED.search(text)) or bool(_QUESTION.search(folded)) or bool(_WHICH.match(folded))


def asks_who(text: str) -> bool:
    """Return whether `text` asks for names: who helps, whom to call."""
    folded = fold(text)
    if _NOT_FOR_US.search(folded):
        return False
    return bool(_WHO.search(folded)) or any(_asks_who_first(sentence) for sentence in _SENTENCE.split(text))


def _asks_who_first(sentence: str) -> bool:
    """Return whether a sentence, or one of its clauses, begins by asking who: after « et » or a comma, only a question mark tells it from
    a relative (« Notre OBNL, qui aide les aînés »)."""
    clauses = _CLAUSE.split(sentence)
    asked = sentence.rstrip().endswith("?")
    for number, clause in enumerate(clauses[::2]):
        link = clauses[2 * number - 1] if number else "first"
        sure = link is not None and fold(link) != "et"
        last = 2 * number + 1 == len(clauses)
        if (sure or (asked and last)) and _ASKED_FIRST.match(fold(clause)):
            return True
    return False


def asks_where_to_begin(text: str) -> bool:
    """Return whether `text` asks by what to begin."""
    return bool(_BEGINNING.search(fold(text)))


def asks_which_form(text: str) -> bool:
    """Return whether `text` wonders between a coop and an OBNL."""
    return bool(_WHICH_FORM.search(fold(text)))


def but_for(text: str) -> bool:
    """Return whether `text` sets aside what it names (« à part le RISQ »)."""
    return bool(_BUT.search(fold(text)))
