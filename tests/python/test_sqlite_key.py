"""Keys and sizes of pages, as every function that opens a file takes them."""

import sqlite3

import persona
import pytest

KEY = "it's a 'key' of Zürich"
OPENERS = ["open", "open_records", "open_jobs", "open_database", "open_cache", "open_ledger", "open_run_ledger"]


def encrypts(tmp_path):
    try:
        persona.sqlite.open(tmp_path / "probe.db", key="k").close()
    except persona.Unsupported:
        return False
    return True


@pytest.mark.parametrize("opener", OPENERS)
def test_a_file_has_pages_of_the_size_that_was_asked_for(opener, tmp_path):
    path = tmp_path / "people.db"
    opened = getattr(persona.sqlite, opener)(path, page_bytes=8192)
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA page_size").fetchone() == (8192,)
    del opened
    with pytest.raises(persona.InvalidArgument, match="1000"):
        getattr(persona.sqlite, opener)(tmp_path / "other.db", page_bytes=1000)


@pytest.mark.parametrize("opener", OPENERS)
def test_a_key_encrypts_or_is_refused_and_is_never_forgotten(opener, tmp_path):
    path = tmp_path / "people.db"
    opening = getattr(persona.sqlite, opener)
    with pytest.raises(persona.Unauthenticated, match="empty"):
        opening(path, key="")
    assert not path.exists()
    if not encrypts(tmp_path):
        with pytest.raises(persona.Unsupported, match="SQLCipher") as refused:
            opening(path, key=persona.Secret(KEY))
        assert str(path) in str(refused.value)
        assert "Zürich" not in repr(refused.value)
        assert not path.exists()
        return
    opened = opening(path, key=persona.Secret(KEY))
    assert not path.read_bytes().startswith(b"SQLite format 3")
    for wrong in ({"key": "other"}, {}):
        with pytest.raises((persona.Unauthenticated, persona.Corrupted)) as refused:
            opening(path, **wrong)
        assert "other" not in str(refused.value).replace("another", "")
    del opened
    assert opening(path, key=KEY)


def test_what_is_done_to_a_whole_file_takes_its_key(tmp_path):
    path, saved = tmp_path / "people.db", tmp_path / "saved.db"
    if not encrypts(tmp_path):
        persona.sqlite.open(path).close()
        for work in (
            lambda: persona.sqlite.backup(path, saved, key=KEY),
            lambda: persona.sqlite.restore(path, saved, key=KEY),
            lambda: persona.sqlite.contents(path, key=KEY),
            lambda: persona.sqlite.vacuum(path, key=KEY),
            lambda: persona.sqlite.migrate(path, 1, key=KEY),
            lambda: persona.sqlite.schema_version(path, key=KEY),
        ):
            with pytest.raises(persona.Unsupported, match="SQLCipher"):
                work()
        return
    persona.sqlite.open(path, key=KEY).close()
    persona.sqlite.migrate(path, 5, key=KEY)
    assert persona.sqlite.schema_version(path, key=KEY) == 5
    made = persona.sqlite.backup(path, saved, key=KEY)
    persona.sqlite.restore(saved, path, replace=True, key=KEY)
    assert persona.sqlite.contents(path, key=KEY) == made.tables
    assert persona.sqlite.vacuum(path, key=KEY) >= 0
