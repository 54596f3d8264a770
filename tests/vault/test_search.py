"""Search finds parts of words in any script, whatever the case, and says where they stand."""

import time

import pytest

from homevault.storage.sqlite import search
from homevault.storage.sqlite.database import Database, open_database

TEXTS = {
    "lamp": "The lamplighter came at dusk",
    "cjk": "明天晚上我们在门廊见面",
    "kana": "ポーチライトをつけて",
    "case": "ÉCOLE Straße ΑΘΗΝΑ",
    "wide": "ＬＡＭＰ full width",
    "sql": "100% \"quoted\" _under_ 'single' NEAR(x) AND OR*",
    "mixed": "Meet at 門口 by the lamp",
}


@pytest.fixture
def database(tmp_path):
    opened = open_database(tmp_path)
    with opened.transaction():
        for place, (event, text) in enumerate(TEXTS.items()):
            search.index_text(opened, event, "swarm", "author", place, text)
    yield opened
    opened.close()


def found(database: Database, query: str) -> set[str]:
    return {hit.event for hit in search.search(database, query)}


@pytest.mark.parametrize(
    ("query", "events"),
    [
        ("plight", {"lamp"}),
        ("LAMP", {"lamp", "wide", "mixed"}),
        ("la", {"lamp", "wide", "mixed"}),
        ("晚上我们", {"cjk"}),
        ("门廊", {"cjk"}),
        ("門", {"mixed"}),
        ("ライト", {"kana"}),
        ("école", {"case"}),
        ("strasse", {"case"}),
        ("αθηνα", {"case"}),
        ("lamp 門口", {"mixed"}),
        ("lamp dusk", {"lamp"}),
        ("lamp nowhere", set()),
        ('"quoted"', {"sql"}),
        ("100%", {"sql"}),
        ("_under", {"sql"}),
        ("NEAR(x)", {"sql"}),
        ("or*", {"sql"}),
        ("'; DROP TABLE texts; --", set()),
        ("   ", set()),
        ("%", {"sql"}),
    ],
)
def test_partial_words_scripts_and_case(database: Database, query: str, events: set[str]) -> None:
    assert found(database, query) == events


def test_hits_come_latest_first_with_marks(database: Database) -> None:
    hits = search.search(database, "lamp")
    assert [hit.event for hit in hits] == ["mixed", "wide", "lamp"]
    marked = [hit.text[start:end] for hit in hits for start, end in hit.marks]
    assert marked == ["lamp", "ＬＡＭＰ", "lamp"]
    (hit,) = search.search(database, "strasse ol")
    assert [hit.text[start:end] for start, end in hit.marks] == ["OL", "Straße"]


def test_an_event_is_indexed_once(database: Database) -> None:
    search.index_text(database, "lamp", "swarm", "author", 0, TEXTS["lamp"])
    assert len(search.search(database, "lamplighter")) == 1


def test_a_hundred_thousand_texts_are_searched_within_300_ms(tmp_path) -> None:
    database = open_database(tmp_path)
    with database.transaction():
        for number in range(100_000):
            text = f"message {number} about the porch and its lamp, {number % 97} 明天{number % 89}晚上"
            search.index_text(database, f"e{number}", "swarm", "author", number, text)
    for query, least in (("essage 99999", 1), ("晚上", 50), ("明天88晚", 50), ("zz", 0)):
        taken = []
        for _ in range(5):
            begun = time.perf_counter()
            hits = search.search(database, query)
            taken.append(time.perf_counter() - begun)
            assert len(hits) >= least
        assert min(taken) < 0.3, query
    database.close()
