"""The vault: what is sealed comes back with the key, and only with it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from connectors.encryption import InvalidKey, Unreadable, Vault, load_or_create_key

OLD = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
NEW = "OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEwOTg="


def test_a_sealed_value_comes_back_and_hides_its_content() -> None:
    """Accents and structure survive; the sealed text does not show them."""
    sealed = Vault(OLD).seal({"name": "Zoé", "hours": ["matin"]})
    assert Vault(OLD).open(sealed) == {"name": "Zoé", "hours": ["matin"]}
    assert "hours" not in sealed


def test_sealing_twice_does_not_give_the_same_text() -> None:
    """Two people with the same phone cannot be matched in the database."""
    vault = Vault(OLD)
    assert vault.seal("0612345678") != vault.seal("0612345678")


def test_another_key_reads_nothing() -> None:
    """With another key, or damaged, the value is unreadable and says so."""
    sealed = Vault(OLD).seal("secret")
    for vault, text in ((Vault(NEW), sealed), (Vault(OLD), sealed[:-6]), (Vault(OLD), "")):
        with pytest.raises(Unreadable):
            vault.open(text)


def test_a_key_is_replaced_without_losing_anything() -> None:
    """With the new key first and the old one after, both old and new values are read."""
    old, both = Vault(OLD), Vault(f"{NEW}, {OLD}")
    assert both.open(old.seal("avant")) == "avant"
    assert Vault(NEW).open(both.seal("après")) == "après"


@pytest.mark.parametrize("key", ["", " , ", "trop-court", "é" * 44])
def test_a_wrong_key_is_refused_without_repeating_it(key: str) -> None:
    """A key that is not one stops the start, and the message does not hold it."""
    with pytest.raises(InvalidKey) as refused:
        Vault(key)
    assert "trop-court" not in str(refused.value)


def test_fingerprints_depend_on_the_content_and_the_key() -> None:
    """The same content has the same fingerprint in any order of its keys, for one key only."""
    first = Vault(OLD).fingerprint({"a": 1, "b": "é"})
    assert first == Vault(OLD).fingerprint({"b": "é", "a": 1})
    assert first != Vault(OLD).fingerprint({"a": 2, "b": "é"})
    assert first != Vault(NEW).fingerprint({"a": 1, "b": "é"})


def test_the_key_is_created_once_and_private(tmp_path: Path) -> None:
    """The first start writes a usable key readable by its owner only; the next one reads it."""
    path = tmp_path / "keys" / "vault.key"
    key = load_or_create_key(path)
    assert load_or_create_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert Vault(key).open(Vault(key).seal("x")) == "x"


def test_a_key_left_open_is_closed(tmp_path: Path) -> None:
    """A key copied with wide permissions is made private again."""
    path = tmp_path / "vault.key"
    path.write_text(OLD + "\n")
    path.chmod(0o644)
    assert load_or_create_key(path) == OLD
    assert path.stat().st_mode & 0o777 == 0o600


def test_processes_that_start_together_agree_on_the_key(tmp_path: Path) -> None:
    """Eight starts at once end with one key for all."""
    path = tmp_path / "vault.key"
    keys: list[str] = []
    barrier = threading.Barrier(8)

    def start() -> None:
        barrier.wait()
        keys.append(load_or_create_key(path))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert len(keys[0]) == 44
    assert [file.name for file in tmp_path.iterdir()] == ["vault.key"]
