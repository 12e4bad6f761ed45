"""Each benchmark keeps its own section of the page of results, and those of the others."""

from bench.sections import sections_of, with_section

PAGE = "# A page\n\nIts text.\n"
ONE, OTHER = "python -m bench.one", "python -m bench.other"


def test_the_section_goes_at_the_end_then_always_in_the_same_place() -> None:
    assert sections_of(PAGE) == {}
    once = with_section(PAGE, ONE, "## One")
    assert once == f"{PAGE}\n<!-- {ONE} -->\n\n## One\n\n<!-- end of {ONE} -->\n"
    followed = f"{once}\n## Something else\n"
    assert with_section(followed, ONE, "## One, again") == followed.replace("## One\n", "## One, again\n")


def test_the_sections_of_others_stay() -> None:
    both = with_section(with_section(PAGE, ONE, "## One"), OTHER, "## Other\n\nIts \\1 text.")
    assert sections_of(both) == {ONE: "## One", OTHER: "## Other\n\nIts \\1 text."}
    assert sections_of(with_section(both, ONE, "## Uno")) == {ONE: "## Uno", OTHER: "## Other\n\nIts \\1 text."}


def test_the_page_of_results_has_the_section_of_the_widget(pytestconfig) -> None:
    page = pytestconfig.rootpath / "docs" / "bench.md"
    assert sections_of(page.read_text(encoding="utf-8"))["python -m bench.widget"].startswith("## The widget")
