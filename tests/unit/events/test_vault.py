"""Keys and ciphertext: a text sealed for one person opens for that person only, and not when it was altered."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.private import Private
from events.vault import MasterKeyMissing, MasterKeys, Vault, _open, _seal

ANNA = UUID("01890000-0000-7000-8000-00000000000a")
BERT = UUID("01890000-0000-7000-8000-00000000000b")
KEYS = {ANNA: bytes(32), BERT: bytes(range(32))}
OLD = base64.b64encode(bytes(range(32))).decode()
NEW = base64.b64encode(bytes(range(1, 33))).decode()


@given(st.text())
def test_any_text_is_the_same_after_sealing_and_opening(text: str) -> None:
    """Architecture, the vault: AES-GCM under the person's own key."""
    sealed = _seal(Private(ANNA, text), KEYS)
    assert sealed.value is None
    assert _open(sealed, KEYS) == Private(ANNA, text)


def test_the_same_text_never_looks_the_same_when_sealed() -> None:
    """Architecture, the vault: equal texts cannot be recognised in the store."""
    assert len({_seal(Private(ANNA, "text"), KEYS).sealed for _ in range(50)}) == 50


@pytest.mark.parametrize("place", [0, 5, 12, 20, -1])
def test_a_sealed_text_that_was_altered_is_not_opened(place: int) -> None:
    """Architecture, the vault: altered ciphertext is detected; the error names the person and no value."""
    raw = bytearray(base64.b64decode(_seal(Private(ANNA, "confidential"), KEYS).sealed or ""))
    raw[place] ^= 1
    with pytest.raises(ValueError, match=f"{ANNA} was altered"):
        _open(Private(ANNA, sealed=base64.b64encode(raw).decode()), KEYS)


@pytest.mark.parametrize("sealed", ["", "AAAA", "AAAAAAAAAAAAAAAAAAAA", "no base64 at all", "ünïcode"])
def test_rubbish_in_place_of_a_sealed_text_is_not_opened(sealed: str) -> None:
    """Architecture, the vault: whatever was put there, the answer is the same one line."""
    with pytest.raises(ValueError, match=f"{ANNA} was altered"):
        _open(Private(ANNA, sealed=sealed), KEYS)


def test_a_sealed_text_moved_to_another_person_is_not_opened() -> None:
    """Architecture, the vault: ciphertext is bound to its person, even under the same key."""
    sealed = _seal(Private(ANNA, "confidential"), KEYS).sealed
    with pytest.raises(ValueError, match="was altered"):
        _open(Private(BERT, sealed=sealed), {BERT: KEYS[ANNA]})


def test_without_the_persons_key_the_value_is_erased() -> None:
    """Architecture, forgetting: reading goes on, the value is gone."""
    assert _open(_seal(Private(ANNA, "confidential"), KEYS), {}).erased


def test_the_newest_master_key_wraps_and_all_unwrap() -> None:
    """Architecture, the vault: rotation."""
    wrapped, master = MasterKeys.parse(OLD).wrap(KEYS[BERT])
    both = MasterKeys.parse(f"{NEW},{OLD}")
    assert both.unwrap(wrapped, master) == KEYS[BERT]
    assert both.wrap(KEYS[BERT])[1] != master


def test_a_missing_master_key_is_one_line() -> None:
    """Architecture, the vault: an operator reads which key is missing."""
    wrapped, master = MasterKeys.parse(OLD).wrap(KEYS[BERT])
    for wrong in (MasterKeys.parse(NEW), MasterKeys({master: bytes(32)})):
        with pytest.raises(MasterKeyMissing, match=master) as missing:
            wrong.unwrap(wrapped, master)
        assert "\n" not in str(missing.value)


@pytest.mark.parametrize("text", ["", " ", ",", "AAAA", "not base64!", f"{OLD},AAAA"])
def test_a_master_key_of_another_size_is_refused(text: str) -> None:
    """Architecture, the vault: 256 bits, nothing else."""
    with pytest.raises(ValueError, match=r".+"):
        MasterKeys.parse(text)


def test_master_keys_do_not_print() -> None:
    """Architecture, private values: neither do the keys to them."""
    assert "\\x" not in repr(MasterKeys.parse(OLD))
    assert repr(bytes(range(32)))[2:-1] not in repr(MasterKeys.parse(OLD))


def test_the_first_start_makes_a_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    """Architecture, the local run: the same key at the next start."""
    path = tmp_path / "data" / "master.key"
    first = MasterKeys.of_file(path, generate=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert MasterKeys.of_file(path, generate=True).keys == first.keys == MasterKeys.of_file(path).keys


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    """Architecture, the local run: nobody reads half a file, nobody seals under a key that is lost."""
    for number in range(20):
        path = tmp_path / str(number) / "master.key"
        with ThreadPoolExecutor(4) as threads:
            made = [threads.submit(MasterKeys.of_file, path, generate=True) for _ in range(4)]
        assert len({tuple(each.result().keys) for each in made}) == 1


def test_a_missing_key_file_is_not_replaced_unless_asked_for(tmp_path: Path) -> None:
    """Architecture, the vault: in a cluster a lost mount must not make a new key."""
    with pytest.raises(OSError, match=r"master\.key"):
        MasterKeys.of_file(tmp_path / "master.key")


def test_a_secret_of_the_installation_opens_again_and_is_never_the_same_twice() -> None:
    """Architecture, webhooks: their secrets are stored encrypted."""
    vault = Vault(MasterKeys.parse(OLD))
    vault._installation = bytes(32)
    assert vault.unwrap(vault.wrap(b"secret")) == b"secret"
    assert vault.wrap(b"secret") != vault.wrap(b"secret")
    assert vault.token("a") == vault.token("a") != vault.token("b")
