"""The versions of the Graph API and the day when each ends.

Source: developers.facebook.com/docs/graph-api/changelog (page of v26.0, read in November 2026).
"""

from datetime import date, timedelta

from directory.text import day

# None: Meta has not said. A version ends two years after the next one begins.
ENDS: dict[str, date | None] = {
    "v20.0": date(2026, 9, 24),
    "v21.0": date(2027, 1, 21),
    "v22.0": date(2027, 5, 20),
    "v23.0": date(2027, 10, 8),
    "v24.0": date(2028, 2, 18),
    "v25.0": date(2028, 7, 29),
    "v26.0": None,
}
WARNED = timedelta(days=90)
_CHOOSE = "donnez AIGUILLEUR_MESSENGER_GRAPH_VERSION={best}, puis redémarrez le serveur"


def problem_of(version: str, today: date) -> tuple[bool, str] | None:
    """Return what an operator must know of a version, and whether it is still usable; None when there is nothing to say."""
    choose = _CHOOSE.format(best=best(today))
    if version not in ENDS:
        return False, f"La version {version} de l’API Graph n’est pas connue\u00a0: {choose}."
    end = ENDS[version]
    if end is None or today < end - WARNED:
        return None
    if today >= end:
        return False, f"La version {version} de l’API Graph a pris fin le {day(end.isoformat())}\u00a0: {choose}."
    return True, f"La version {version} de l’API Graph prend fin le {day(end.isoformat())}\u00a0: {choose}."


def best(today: date) -> str:
    """Return the known version that lasts longest among those whose end is known to be far, else the last one."""
    lasting = [version for version, end in ENDS.items() if end is not None and end > today + WARNED]
    return lasting[-1] if lasting else list(ENDS)[-1]
