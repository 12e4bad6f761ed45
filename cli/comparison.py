"""The comparison of two models, as an operator reads it."""

from collections.abc import Sequence

from bot.nlu.comparison import FEWEST, LABEL_LOSS, LOSS, Changed, Comparison, Moved

MOST_LABELS, MOST_SENTENCES = 20, 20


def told(comparison: Comparison) -> str:
    """Return the comparison as text: the totals, the labels that moved, the sentences newly right and newly wrong, what fell."""
    before, after = comparison.before, comparison.after
    return "\n".join(
        [
            f"{'':22}{'avant':>8}{'après':>9}{'écart':>9}",
            _row("exactitude", before.accuracy, after.accuracy),
            _row("F1 macro", before.macro_f1, after.macro_f1),
            *_labels(comparison.moved),
            *_sentences("Mieux lues", comparison.newly_right),
            *_sentences("Moins bien lues", comparison.newly_wrong),
            *_lost(comparison),
        ]
    )


def _row(name: str, before: float, after: float) -> str:
    return f"{name:22}{before:8.4f}{after:9.4f}{after - before:+9.4f}"


def _labels(moved: Sequence[Moved]) -> list[str]:
    if not moved:
        return ["", "Aucune étiquette n’a bougé."]
    shown = [*moved[: MOST_LABELS // 2], *moved[MOST_LABELS // 2 :][-MOST_LABELS // 2 :]]
    lines = [f"{each.before:8.3f}{each.after:9.3f}{each.gain:+9.3f}  {each.label} ({each.sentences})" for each in shown]
    return ["", f"Étiquettes dont le F1 a bougé\u00a0: {len(moved)} (avant, après, écart, phrases d’épreuve)", *lines]


def _sentences(title: str, changed: Sequence[Changed]) -> list[str]:
    if not changed:
        return ["", f"{title}\u00a0: aucune phrase."]
    lines = [f"  «\u00a0{each.text}\u00a0»  {each.right}\u00a0: {each.before} → {each.after}" for each in changed[:MOST_SENTENCES]]
    more = [f"  … et {len(changed) - MOST_SENTENCES} autres"] if len(changed) > MOST_SENTENCES else []
    return ["", f"{title}\u00a0: {len(changed)}", *lines, *more]


def _lost(comparison: Comparison) -> list[str]:
    losses = ", ".join(f"{each.label} ({each.gain:+.3f})" for each in comparison.losses)
    why = {
        "accuracy": f"l’exactitude baisse de plus de {LOSS}",
        "macro_f1": f"le F1 macro baisse de plus de {LOSS}",
        "labels": f"le F1 d’une étiquette d’au moins {FEWEST} phrases baisse de plus de {LABEL_LOSS}\u00a0: {losses}",
    }
    return ["", *(f"Moins bon\u00a0: {why[name]}." for name in comparison.lost)] if comparison.is_worse else []
