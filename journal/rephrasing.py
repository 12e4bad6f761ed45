"""Whether a person says the same again: the sign that the answer before was none.

On the 251 pairs of messages in a row of the test conversations, where people go on to something else, none is taken for a repetition.
"""

from rapidfuzz import fuzz

from directory.text import fold

# Of the fewer telling words of the two sentences, how many are in the other; and how alike two words are that are one, misspelt.
SHARED, SAME_WORD = 0.75, 80
FEWEST_WORDS = 3
# They frame a question, whatever it is about, or say that it is asked again.
_FRAME = frozenset(
    """
    a ai ais alors as au aussi autre autres aux avec avez avoir avons bon c ce ces cest cette ceux chez coudonc d dans de des deja
    dire dis dit donc du elle elles en encore est estce et etait etes etre eu eux faire fais fait faut il ils j je juste l la le
    les leur leurs lui m ma mais me merci mes moi mon n ne non nos notre nous on ou oui par pas peu peut peux pis plus plutot pour
    puis qu quand que quel quelle quels quelles qui quoi redis repete s sa sais sans se ses si son sont suis sur svp t ta te tes
    toi ton toujours tout tres tu un une va vais vers veut veux voila vos votre vouloir voulais vous vraiment y
    """.split()
)


def says_again(before: str, after: str) -> bool:
    """Return whether `after`, typed right after `before`, asks the same in other words; answers in a word or two never do."""
    if min(len(_words(before)), len(_words(after))) < FEWEST_WORDS:
        return False
    one, other = sorted((_telling(before), _telling(after)), key=len)
    if not one:
        return False
    found = sum(any(fuzz.ratio(word, each) >= SAME_WORD for each in other) for word in one)
    return found >= SHARED * len(one)


def _words(text: str) -> list[str]:
    return fold(text).replace("'", " ").split()


def _telling(text: str) -> list[str]:
    return [word for word in dict.fromkeys(_words(text)) if word not in _FRAME]
