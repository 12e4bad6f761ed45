"""The marks that stand for what was masked in a text (« [COURRIEL_1] »), and what people are told of them."""

import re

KINDS = {
    "COURRIEL": "courriel masqué",
    "CARTE": "numéro de carte masqué",
    "RAMQ": "numéro de santé masqué",
    "TELEPHONE": "téléphone masqué",
    "NAS": "numéro d’assurance sociale masqué",
    "ADRESSE": "adresse masquée",
    "CODE_POSTAL": "code postal masqué",
}
MARK = re.compile(rf"\[({'|'.join(KINDS)})[_ ](\w{{1,8}})\]")


def pieces(text: str) -> list[tuple[str, str]]:
    """Return `text` in order, as (what was written, "") and (what a mark says, its number or its postal area)."""
    found, end = [], 0
    for mark in MARK.finditer(text):
        found += [(text[end : mark.start()], ""), (KINDS[mark[1]], mark[2])]
        end = mark.end()
    return [piece for piece in [*found, (text[end:], "")] if piece[0]]
