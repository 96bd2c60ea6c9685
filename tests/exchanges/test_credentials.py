"""Where credentials come from, and where they must not be."""

import pytest

from hashmatch.errors import ExchangeCredentialsError
from hashmatch.exchanges import credentials


def test_from_the_environment(monkeypatch):
    monkeypatch.setenv("HASHMATCH_EXCHANGE_STOP_NCII_2_FETCH_KEY", "secret words")
    assert credentials.read("stop.ncii-2", ["fetch_key"], None) == {"fetch_key": "secret words"}


def test_what_is_missing_is_named(monkeypatch):
    monkeypatch.delenv("HASHMATCH_EXCHANGE_NCMEC_USER", raising=False)
    with pytest.raises(ExchangeCredentialsError, match="HASHMATCH_EXCHANGE_NCMEC_USER"):
        credentials.read("ncmec", ["user"], None)


def test_optional_ones_may_be_missing(monkeypatch):
    monkeypatch.setenv("HASHMATCH_EXCHANGE_X_A", "1")
    assert credentials.read("x", ["a"], None, ["b"]) == {"a": "1"}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "keys.toml"
    path.touch(0o600)
    path.write_text('user = "me"\npassword = "very secret"\nother = 3\n')
    return path


def test_from_a_file(file):
    found = credentials.read("ncmec", ["user", "password"], str(file))
    assert found == {"user": "me", "password": "very secret"}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620])
def test_a_file_that_others_can_open_is_refused(file, mode):
    file.chmod(mode)
    with pytest.raises(ExchangeCredentialsError, match="chmod 600"):
        credentials.read("ncmec", ["user"], str(file))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ExchangeCredentialsError, match="cannot be read"):
        credentials.read("ncmec", ["user"], str(tmp_path / "none"))


@pytest.mark.parametrize("text", ["very secret", "a = = very secret", "\udcff"])
def test_errors_do_not_quote_the_file(file, text):
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ExchangeCredentialsError, match="is not TOML") as raised:
        credentials.read("ncmec", ["user"], str(file))
    assert "very secret" not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize("name", ["other", "missing"])
def test_what_is_no_credential(file, name):
    with pytest.raises(ExchangeCredentialsError, match=name):
        credentials.read("ncmec", [name], str(file))


@pytest.mark.parametrize("value", ["", " ", "a\nb", "é", "a\0", "x" * 5_000])
def test_credentials_that_no_header_could_hold(file, value):
    file.write_text(f"user = {__import__('json').dumps(value)}")
    with pytest.raises(ExchangeCredentialsError, match="user"):
        credentials.read("ncmec", ["user"], str(file))
