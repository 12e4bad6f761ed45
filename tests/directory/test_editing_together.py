"""Two people edit one record: the second is told who changed what, and nothing of either is lost."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import sessionmaker

from directory.database import session_scope
from directory.editing import ABSENT, examined, overtaken, save, seen, wait_for_writers, writing
from directory.merging import differences, merged
from directory.models import Revision
from directory.records import Record, load_record, load_records
from directory.revisions import revise

TODAY = date(2026, 11, 29)


def read(factory: sessionmaker, entity: str = "actor", key: str = "risq") -> Record:
    with session_scope(factory) as session:
        return load_record(session, entity, key)


def change(factory: sessionmaker, author: str, record: Record | None, entity: str = "actor", key: str = "risq") -> None:
    with session_scope(factory) as session:
        revise(session, author, entity, key, record)


def test_a_record_that_nobody_touched_is_not_overtaken(imported: sessionmaker) -> None:
    with session_scope(imported) as session:
        assert overtaken(session, "actor", "risq", seen(read(imported))) is None
        assert overtaken(session, "actor", "nobody", ABSENT) is None


def test_the_second_one_is_told_who_changed_what(imported: sessionmaker) -> None:
    before = read(imported)
    change(imported, "jeanne", {**before, "note": "Déménagé."})
    change(imported, "paul", {**before, "note": "Déménagé.", "city": "x", "summary": "Prête."})
    with session_scope(imported) as session:
        found = overtaken(session, "actor", "risq", seen(before))
        assert [each.author for each in found.revisions] == ["paul", "jeanne"]
        assert (found.before, found.theirs["summary"]) == (before, "Prête.")


def test_a_record_that_was_taken_away_or_came_back_is_told(imported: sessionmaker) -> None:
    before = read(imported, "answer", "risq_montant")
    change(imported, "jeanne", None, "answer", "risq_montant")
    with session_scope(imported) as session:
        found = overtaken(session, "answer", "risq_montant", seen(before))
        assert (found.before, found.theirs, found.revisions[0].author) == (before, None, "jeanne")
    change(imported, "jeanne", before, "answer", "risq_montant")
    with session_scope(imported) as session:
        assert overtaken(session, "answer", "risq_montant", seen(before)) is None
        assert overtaken(session, "answer", "risq_montant", ABSENT).theirs == before


def test_what_only_the_other_changed_is_kept_and_what_both_changed_is_yours_and_told() -> None:
    before = {"name": "A", "note": None, "summary": "x", "contact": {"phone": "1", "city": "B"}, "aliases": ["a"], "dedicated": True}
    theirs = {**before, "note": "Fermé lundi", "summary": "leur", "contact": {"phone": "2"}, "dedicated": False}
    yours = {**before, "name": "B", "summary": "mien", "aliases": []}
    record, told = merged(before, theirs, yours)
    assert record == {
        **{"name": "B", "note": "Fermé lundi", "summary": "mien"},
        **{"contact": {"phone": "2"}, "aliases": [], "dedicated": False},
    }
    assert {each.field: each.both for each in told} == {
        **{"note": False, "summary": True},
        **{"contact.phone": False, "contact.city": False, "dedicated": False},
    }
    summary = next(each for each in told if each.field == "summary")
    assert (summary.before, summary.theirs, summary.yours, summary.kept) == ("x", "leur", "mien", "mien")


def test_the_same_change_by_both_is_no_disagreement() -> None:
    before, after = {"name": "A", "note": None}, {"name": "A", "note": "n"}
    assert merged(before, after, after) == (after, [])


def test_without_knowing_what_was_read_all_that_differs_is_told_and_yours() -> None:
    record, told = merged(None, {"name": "A", "note": "n"}, {"name": "B", "note": None})
    assert record == {"name": "B", "note": None}
    assert [each.field for each in told] == ["name", "note"]


def test_differences_tell_the_parts_of_a_contact_apart_and_take_empty_for_absent() -> None:
    before = {"name": "A", "contact": {"phone": "1"}, "note": None, "aliases": []}
    after = {"name": "A", "contact": {"phone": "2", "email": "e"}, "note": "", "dedicated": False}
    assert [(each.field, each.before, each.after) for each in differences(before, after)] == [
        ("contact.phone", "1", "2"),
        ("contact.email", None, "e"),
    ]
    assert [each.field for each in differences(None, after)] == ["name", "contact.phone", "contact.email"]


def both_at_once(*works: Callable[[], None]) -> list[BaseException]:
    """Run each work in a thread of its own, all from one start, and return what they raised."""
    start, raised = threading.Barrier(len(works)), []

    def run(work: Callable[[], None]) -> None:
        start.wait()
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            raised.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def saving(factory: sessionmaker, author: str, as_read: str, outcomes: list[str], **changes: object) -> Callable[[], None]:
    """What the console does: wait, look whether the record is as it was read, examine, save."""

    def work() -> None:
        with writing(factory) as session:
            if overtaken(session, "actor", "risq", as_read):
                outcomes.append(f"{author} told")
                return
            draft = examined(session, "actor", "risq", {**load_record(session, "actor", "risq"), **changes}, TODAY)
            save(session, author, draft, as_read)
            outcomes.append(f"{author} saved")

    return work


@pytest.mark.parametrize("_round", range(5))
def test_of_several_who_save_at_once_one_does_and_the_others_are_told(imported: sessionmaker, _round: int) -> None:
    as_read, outcomes = seen(read(imported)), []
    works = [saving(imported, name, as_read, outcomes, note=f"par {name}") for name in ("jeanne", "paul", "rosa")]
    assert both_at_once(*works) == []
    assert sorted(each.split()[1] for each in outcomes) == ["saved", "told", "told"]
    with session_scope(imported) as session:
        written = session.query(Revision).filter(Revision.author.in_(["jeanne", "paul", "rosa"])).all()
        assert [each.after["note"] for each in written] == [load_record(session, "actor", "risq")["note"]]


def test_one_name_given_at_once_to_two_organisations_goes_to_one(imported: sessionmaker) -> None:
    problems: dict[str, int] = {}

    def naming(key: str) -> Callable[[], None]:
        def work() -> None:
            with writing(imported) as session:
                record = load_record(session, "actor", key)
                draft = examined(session, "actor", key, {**record, "aliases": [*record["aliases"], "Le Guichet"]}, TODAY)
                problems[key] = len(draft.problems)
                if not draft.problems:
                    save(session, key, draft, seen(record))

        return work

    assert both_at_once(naming("risq"), naming("pole-mauricie")) == []
    assert sorted(problems.values()) == [0, 1]
    with session_scope(imported) as session:
        named = [key for key, actor in load_records(session)["actor"].items() if "Le Guichet" in actor["aliases"]]
        assert len(named) == 1


def test_waiting_reads_again_what_the_session_had_read(imported: sessionmaker) -> None:
    with imported() as session:
        assert load_record(session, "actor", "risq")["note"] is None
        change(imported, "jeanne", {**read(imported), "note": "Depuis"})
        wait_for_writers(session)
        assert load_record(session, "actor", "risq")["note"] == "Depuis"


def test_waiting_loses_nothing_that_was_to_be_written(imported: sessionmaker) -> None:
    with imported() as session:
        session.add(Revision(author="x", entity="actor", key="x"))
        with pytest.raises(ValueError, match="were not written"):
            wait_for_writers(session)
