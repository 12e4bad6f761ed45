"""The door: what is personal never passes, what is not always does, and nothing breaks it."""

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.door import MAX_CHARACTERS, enter
from journal.personal import mask
from journal.personal_numbers import luhn

NAS = "046 454 286"
CARD = "4111 1111 1111 1111"
MARK = re.compile(r"\[(?:COURRIEL|CARTE|RAMQ|TELEPHONE|NAS|ADRESSE)_\d+\]|\[CODE_POSTAL [A-Z]\d[A-Z]\]")
LONGEST_MARK = 20


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        # Social insurance numbers that pass the Luhn check.
        ("mon nas est 046 454 286", "NAS"),
        ("046454286", "NAS"),
        ("NAS: 046-454-286.", "NAS"),
        ("046.454.286", "NAS"),
        ("046\u00a0454\u00a0286", "NAS"),
        ("nas 130692544, merci", "NAS"),
        ("046 454 286 046 454 286", "NAS"),
        ("nas046454286", "NAS"),
        ("nas 04 645 4286", "NAS"),
        ("nas 046\n454\n286", "NAS"),
        ("0 4 6 4 5 4 2 8 6", "NAS"),
        ("zéro quatre six quatre cinq quatre deux huit six", "NAS"),
        ("relevé 1 046 454 286 200", "NAS"),
        ("200 046 454 286", "NAS"),
        # Health insurance numbers, women's months and no-break spaces included.
        ("RAMQ TREM 7852 0112", "RAMQ"),
        ("trem78520112", "RAMQ"),
        ("ROYL-8812-3100", "RAMQ"),
        ("carte soleil: GAGM\u00a09907\u00a01512", "RAMQ"),
        # Payment cards.
        ("ma carte 4111 1111 1111 1111", "CARTE"),
        ("4111111111111111", "CARTE"),
        ("4111-1111-1111-1111", "CARTE"),
        ("4111 1111 1111 1111 12/27 cvv 123", "CARTE"),
        ("4111 1111 1111 1111 1227", "CARTE"),
        ("visa: 4111\u00a01111\u00a01111\u00a01111", "CARTE"),
        ("amex 3782 822463 10005", "CARTE"),
        ("5500.0000.0000.0004", "CARTE"),
        ("5500000000000004exp", "CARTE"),
        ("carte 5500 000000 000004", "CARTE"),
        # E-mail, typed and spoken.
        ("jean.tremblay@gmail.com", "COURRIEL"),
        ("écrivez à coop+info@mon-village.qc.ca svp", "COURRIEL"),
        ("jean @ videotron.ca", "COURRIEL"),
        ("éloïse.côté@coopéré.org", "COURRIEL"),
        ("jean@gmail", "COURRIEL"),
        ("jean＠gmail.com", "COURRIEL"),
        ("JEAN@GMAIL.COM", "COURRIEL"),
        ("jean arobase gmail point com", "COURRIEL"),
        ("jean point tremblay arobase hotmail point com", "COURRIEL"),
        ("jean point tremblay arobas videotron point qc point ca", "COURRIEL"),
        ("marie a commercial outlook point com", "COURRIEL"),
        ("marie à commercial outlook point com", "COURRIEL"),
        ("marie arobase outlook.com", "COURRIEL"),
        ("marie tiret bas roy arrobase yahoo point ca", "COURRIEL"),
        ("marie (at) yahoo.ca", "COURRIEL"),
        ("marie [at] yahoo [dot] ca", "COURRIEL"),
        ("marie at yahoo dot ca", "COURRIEL"),
        ("marie%40yahoo.ca", "COURRIEL"),
        ("louis%atelier@yahoo.ca", "COURRIEL"),
        ("mariearobaseyahoopointca", "COURRIEL"),
        (f"{'a' * 100}@yahoo.ca", "COURRIEL"),
        # Phones.
        ("819 555-1234", "TELEPHONE"),
        ("819-555-1234", "TELEPHONE"),
        ("(819) 555-1234", "TELEPHONE"),
        ("(819)555-1234", "TELEPHONE"),
        ("819.555.1234", "TELEPHONE"),
        ("8195551234", "TELEPHONE"),
        ("1 819 555 1234", "TELEPHONE"),
        ("+1 819 555-1234", "TELEPHONE"),
        ("+18195551234", "TELEPHONE"),
        ("1-819-555-1234 poste 22", "TELEPHONE"),
        ("819 555-1234 #204", "TELEPHONE"),
        ("819 555-1234, ext. 4", "TELEPHONE"),
        ("819 – 555 – 1234", "TELEPHONE"),
        ("819/555/1234", "TELEPHONE"),
        ("819\u00a0555\u20111234", "TELEPHONE"),
        ("819 555 12 34", "TELEPHONE"),
        ("tel:8195551234", "TELEPHONE"),
        ("tel8195551234merci", "TELEPHONE"),
        ("cell 81 95 55 12 34", "TELEPHONE"),
        ("81O-555-l234", "TELEPHONE"),
        ("huit un neuf, cinq cinq cinq, un deux trois quatre", "TELEPHONE"),
        ("on cherche 75 $ 819 555-1234", "TELEPHONE"),
        ("819 555-1234x22", "TELEPHONE"),
        ("appelle-moi au 555-1234", "TELEPHONE"),
        ("mon cell c'est le 555 1234", "TELEPHONE"),
        ("+33 6 12 34 56 78", "TELEPHONE"),
        ("８１９ ５５５ １２３４", "TELEPHONE"),
        # Addresses.
        ("123 rue Principale", "ADRESSE"),
        ("j'habite au 45, rue des Érables", "ADRESSE"),
        ("1250 boul. René-Lévesque Ouest, bureau 200", "ADRESSE"),
        ("12 chemin du Lac", "ADRESSE"),
        ("67 rang Saint-Joseph", "ADRESSE"),
        ("88 av. Cartier app. 3", "ADRESSE"),
        ("88 avenue de l'Église", "ADRESSE"),
        ("12 rue saint denis", "ADRESSE"),
        ("12A rue Hébert", "ADRESSE"),
        ("45-B, route 138", "ADRESSE"),
        ("1200 3e Avenue", "ADRESSE"),
        ("45, 12e Rang Ouest", "ADRESSE"),
        ("10 montée Masson", "ADRESSE"),
        # Postal codes.
        ("G9A 2W1", "CODE_POSTAL"),
        ("g9a2w1", "CODE_POSTAL"),
        ("H2X-1Y4", "CODE_POSTAL"),
        ("je suis à J0K\u00a02N0", "CODE_POSTAL"),
    ],
)
def test_personal_data_is_masked(typed: str, kind: str) -> None:
    entered = enter(typed)

    assert entered.masked == (kind,)
    assert MARK.search(entered.text)
    assert not re.search(r"(?!200)\d{3}|@|＠|gmail|yahoo|Hébert|Érables", re.sub(r"cvv 123|\b1227\b", "", MARK.sub("", entered.text)))


@pytest.mark.parametrize(
    "typed",
    [
        "on cherche 514 879 $",
        "un budget de 514 879 1000 $",
        "1 800 000 $",
        "1 800 000$ pour la bâtisse",
        "2 500 000 dollars",
        "entre 250 000 et 300 000 piasses",
        "100 000 200 000 300 000",
        "de 500-1000 $",
        "on a 130 692 544 $ d'actifs",
        "75k",
        "dossier 123 456 789",
        "le dossier 123456789",
        "NEQ 1171234567",
        "NEQ 3367654321",
        "TPS 046454286 RT0001",
        "un organisme de bienfaisance, 046454286 RR0001",
        "https://exemple.ca/actualites/une-page-046454286.html",
        "1 000 000 000 de visites",
        "190 000 000 personnes",
        "un fonds de 046 454 286 500 $",
        "12@15$",
        "coop 2012 2015",
        "plan 2012-2013",
        "20261129-01",
        "L1 L2 L3",
        "le 2e rang sur notre bâtisse",
        "12 chemin faisant",
        "2 places publiques et 1 rue piétonne",
        "depuis 2019",
        "2024-2025",
        "l'an 2026, le 24 novembre 2026",
        "24 mois",
        "12 à 18 mois",
        "RE-303",
        "le formulaire RE-303.1",
        "loi C-67.2",
        "article 90",
        "la partie III",
        "RISQ, Fiducie du Chantier, Filaction, Evol et C2i",
        "le Fonds d'emprunt Montérégie",
        "COOP 2020 2025",
        "suivez @risq_qc",
        "@ tous: bonjour",
        "on est 12 membres, 3 employés",
        "G9A",
        "la 138",
        "on veut ouvrir une place de garde à Matane",
        "12 places en garderie",
        "le 811, le 988 et le 211",
        "il est 14:30",
        "3,5 %",
        "on a 5 000 pieds carrés",
        "coordonnées du pôle?",
    ],
)
def test_what_is_not_personal_passes(typed: str) -> None:
    assert enter(typed).text == typed
    assert enter(typed).masked == ()


def test_the_postal_area_is_kept_because_it_is_a_place() -> None:
    assert enter("je suis au g9a 2w1 à Trois-Rivières").text == "je suis au [CODE_POSTAL G9A] à Trois-Rivières"


def test_the_town_after_an_address_is_kept() -> None:
    assert enter("au 123 rue Principale à Matane, on veut une coop").text == "au [ADRESSE_1] à Matane, on veut une coop"
    assert enter("12 rue des Pins on veut partir un café").text == "[ADRESSE_1] on veut partir un café"


def test_two_of_a_kind_have_two_marks_and_the_same_one_twice_has_one() -> None:
    text = "819 555-1234, ou 514 555-9876, ou (819) 555 1234; moi@ici.ca ou moi arobase la point ca"
    assert enter(text).text == "[TELEPHONE_1], ou [TELEPHONE_2], ou [TELEPHONE_1]; [COURRIEL_1] ou [COURRIEL_2]"


def test_several_kinds_are_told_once_each() -> None:
    entered = enter(f"{CARD} puis {CARD}, nas {NAS}, jean@gmail.com")
    assert sorted(entered.masked) == ["CARTE", "COURRIEL", "NAS"]


@pytest.mark.parametrize("number", [NAS, CARD, "378282246310005"])
def test_luhn_holds_for_real_numbers_and_not_for_a_slip(number: str) -> None:
    assert luhn(number)
    assert not luhn(number[:-1] + str((int(number[-1]) + 1) % 10))


def test_luhn_refuses_what_has_no_digit() -> None:
    assert not luhn("abc")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("/greet", "greet"),
        ('/inform{"need": "mentorat"}', 'inform{"need": "mentorat"}'),
        ("  \n /restart", "restart"),
        ('{"a": 1}', '"a": 1}'),
        ("\\greet", "greet"),
        ("＼greet", "greet"),
        ("／greet", "greet"),
        ("｛a", "a"),
        ("//{{/x", "x"),
        ("\u200b/greet", "greet"),
        ("\u202e/greet", "greet"),
        ("\x00/greet", "greet"),
        ("\u00ad/greet", "greet"),
        ("⁄greet", "greet"),
        ("/", ""),
        ("oui/non", "oui/non"),
        ("c'est quoi {ça}", "c'est quoi {ça}"),
    ],
)
def test_a_typed_command_is_plain_text(typed: str, kept: str) -> None:
    assert enter(typed).text == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("bon\x00jour", "bonjour"),
        ("bonjour\x1b[31m 3 coops", "bonjour 3 coops"),
        ("l\u2066e\u2069 \u202epole\u202c", "le pole"),
        ("un\u200bmot\ufeff", "unmot"),
        ("allô 😀 ça va", "allô 😀 ça va"),
        ("👩\u200d🌾", "👩🌾"),
        ("bon\ud800jour", "bon?jour"),
        ("e\u0301tage", "étage"),
        ("a\r\nb\tc", "a\nb\tc"),
        ("a\u2028b", "a\nb"),
        ("\U000e0041caché", "caché"),
        ("", ""),
        (" \n\t ", ""),
        ("Ｂｏｎｊｏｕｒ", "Bonjour"),
    ],
)
def test_hidden_signs_go_and_the_rest_stays(typed: str, kept: str) -> None:
    assert enter(typed).text == kept


def test_a_message_is_bounded_and_says_so() -> None:
    entered = enter("a" * 1_000_000)
    assert (len(entered.text), entered.shortened) == (MAX_CHARACTERS, True)
    assert not enter("a" * MAX_CHARACTERS).shortened


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "12 ",
        "4111 ",
        "1-",
        " ",
        "a",
        "a.",
        "a@",
        "@",
        "a point ",
        "arobase ",
        "(819) ",
        "12 rue ",
        "A1A ",
        "ABCD",
        "$",
        "\x00",
        "/",
        "{",
        "-",
    ],
)
def test_fifty_kilobytes_of_anything_are_masked(piece: str) -> None:
    hostile = (piece * 50_000)[:50_000]
    text, _ = mask(hostile)
    assert isinstance(text, str)
    assert len(enter(hostile).text) <= MAX_CHARACTERS + LONGEST_MARK * MAX_CHARACTERS


PERSONAL = "819 555-1234|046 454 286|4111 1111 1111 1111|jean@gmail.com|jean arobase gmail point com|G9A 2W1|12 rue des Pins|TREM 7852 0112"
SIGNS = " |, |\n|/|{|1|12|123|1234|$|a|rue|point|arobase|@|.|-|(|)|+|[|]|_|[NAS_1]|[CODE_POSTAL G9A]|é|😀|\u200b|\ud800|\u00a0|poste|app."
PIECES = st.sampled_from([*PERSONAL.split("|"), *SIGNS.split("|")])
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=25).map("".join), st.lists(PIECES, max_size=25).map(" ".join))


@settings(max_examples=500, deadline=None)
@given(TEXTS)
@example("819 555-1234" * 20)
@example("a@b.c@d.e")
def test_whatever_is_typed_the_door_holds(typed: str) -> None:
    entered = enter(typed)
    left = MARK.sub("", entered.text)

    assert len(left) <= MAX_CHARACTERS
    assert not entered.text.startswith(("/", "\\", "{"))
    assert not any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in entered.text)
    entered.text.encode("utf-8")


@settings(max_examples=500, deadline=None)
@given(TEXTS)
@example("1" * 40)
@example("0@0+@0")
def test_masking_twice_changes_nothing(typed: str) -> None:
    once, _ = mask(typed)
    assert mask(once) == (once, [])


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_a_message_that_passed_the_door_passes_it_again_unchanged(typed: str) -> None:
    once = enter(typed).text
    assert enter(once).text == once[:MAX_CHARACTERS].strip() or len(once) > MAX_CHARACTERS


@settings(max_examples=200, deadline=None)
@given(
    st.integers(2, 9),
    st.integers(2, 9),
    st.from_regex(r"\A\d{2}\Z"),
    st.from_regex(r"\A\d{6}\Z"),
    st.sampled_from([" ", "-", ".", "", " - "]),
)
def test_every_phone_of_ten_digits_is_masked(area: int, exchange: int, two: str, six: str, between: str) -> None:
    digits = "".join(str(int(c)) for c in f"{area}{two}{exchange}{six}")
    typed = between.join((digits[:3], digits[3:6], digits[6:]))
    assert digits[6:] not in enter(f"Mon numéro est {typed}, merci").text
