import stat

import pytest

from hashmatch.errors import AuditError, MissingExtraError
from hashmatch.registry import SigningKey, signing


@pytest.fixture
def key(tmp_path):
    return SigningKey(tmp_path / "key.pem")


def test_what_is_signed_is_verified(key, tmp_path):
    signed = signing.sign(key, {"lines": 5, "name": "ä"})
    assert signing.verified(signed)["lines"] == 5
    assert signing.verified(signed, key.public)["name"] == "ä"
    again = SigningKey(tmp_path / "key.pem")
    assert again.public == key.public
    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600


@pytest.mark.parametrize("change", [{"lines": 6}, {"more": 1}, {"signature": "00" * 64}])
def test_what_was_altered_is_not(key, change):
    signed = signing.sign(key, {"lines": 5}) | change
    with pytest.raises(AuditError, match="altered"):
        signing.verified(signed)


def test_another_key_is_not_the_expected_one(key, tmp_path):
    signed = signing.sign(SigningKey(tmp_path / "other.pem"), {"lines": 5})
    with pytest.raises(AuditError, match="another key"):
        signing.verified(signed, key.public)


@pytest.mark.parametrize("value", [None, [], {}, {"public_key": "x", "signature": "00"}, 5])
def test_what_is_no_signed_object(value):
    with pytest.raises(AuditError, match="not a signed object"):
        signing.verified(value)


def test_files_that_are_no_keys(tmp_path):
    (tmp_path / "key.pem").write_text("nothing")
    with pytest.raises(AuditError, match="not a private key"):
        SigningKey(tmp_path / "key.pem")
    with pytest.raises(AuditError, match="cannot be read"):
        SigningKey(tmp_path / "no" / "key.pem")


def test_without_the_library(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "cryptography", None)
    with pytest.raises(MissingExtraError, match=r"hashmatch\[audit\]"):
        SigningKey(tmp_path / "key.pem")
