"""Facts that the directory does not hold, asked by someone who saw no other sentence: the reply says so, and to whom to go."""

from typing import Any

import pytest
import yaml

from settings import PROJECT_ROOT

LEAST_SAID, MOST_TOLD, MOST_REFUSED = 0.65, 0.08, 0.04
_A_FACT, _SAYS_SO, _WHOM = "source :", "mes sources ne repondent pas", "a qui le demander"
# What an organisation's record does not hold is said in its own words (« mes sources ne donnent pas le délai de réponse »).
_OF_A_RECORD = "mes sources ne donnent pas"
# The answer to another question, told for what it is: under its question, or as the rule of the other legal form.
_TOLD_FOR_WHAT_IT_IS = ("a la question «", "je n'ai cette regle que pour")


@pytest.fixture(scope="module")
def replies(person: Any) -> list[tuple[dict[str, str], str]]:
    """Each case with what is shown, folded; each in a conversation of its own."""
    cases = yaml.safe_load((PROJECT_ROOT / "tests/conversations/unheld/examination.yml").read_text(encoding="utf-8"))
    return [(case, person.say(f"unheld-{number}", case["text"]).folded) for number, case in enumerate(cases)]


def test_what_is_not_held_is_said_so_and_hardly_ever_told_as_something_else(replies: Any) -> None:
    asked = [(case["text"], shown) for case, shown in replies if "asked" in case]
    said = [text for text, shown in asked if _SAYS_SO in shown or _OF_A_RECORD in shown]
    as_something_else = [
        text for text, shown in asked if text not in said and _A_FACT in shown and not any(lead in shown for lead in _TOLD_FOR_WHAT_IT_IS)
    ]
    assert len(asked) > 100
    assert len(said) >= LEAST_SAID * len(asked), [text for text, _ in asked if text not in said]
    assert len(as_something_else) <= MOST_TOLD * len(asked), as_something_else


def test_whoever_is_told_so_hears_whom_to_ask(replies: Any) -> None:
    alone = [case["text"] for case, shown in replies if _SAYS_SO in shown and _WHOM not in shown]
    assert alone == []


def test_what_is_held_is_not_refused(replies: Any) -> None:
    held = [(case["text"], shown) for case, shown in replies if "slug" in case]
    refused = [text for text, shown in held if _SAYS_SO in shown]
    assert len(held) > 80
    assert len(refused) <= MOST_REFUSED * len(held), refused
