from datetime import timedelta

import pytest

from hashmatch.errors import CredentialNotFoundError, InvalidCredentialError
from hashmatch.registry import clock, tokens


def test_a_credential_and_its_token(registry):
    issued = registry.issue_credential("photo site", {"check"}, timedelta(days=90))
    (credential,) = registry.credentials()
    assert credential == issued.credential
    token = tokens.read(issued.token)
    assert token.key_id == credential.key_id
    assert tokens.fits(token.secret, credential.kept)
    assert credential.expires - credential.created == timedelta(days=90)
    assert credential.allows("check")
    assert not credential.allows("submit")


def test_operating_includes_the_rest(registry):
    operator = registry.issue_credential("operator", {"operate"}).credential
    assert all(operator.allows(scope) for scope in ("check", "submit", "operate"))
    assert operator.expires is None


def test_secrets_are_kept_as_digests_and_shown_in_no_repr(registry):
    issued = registry.issue_credential("photo site", {"check"})
    secret = tokens.read(issued.token).secret
    with registry._database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM credentials").all()
    assert secret not in repr(rows)
    assert secret.encode() not in b"".join(bytes(v) for v in rows[0] if isinstance(v, bytes))
    assert secret not in repr(issued)
    assert repr(issued.credential.kept) not in repr(issued)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hm_",
        "hm_00_x",
        "Bearer hm_",
        "hm_" + "0" * 12 + "_" + "a" * 42,
        "hm_é" + "0" * 60,
        "\0",
    ],
)
def test_texts_that_are_no_tokens(text):
    assert tokens.read(text) is None


def test_only_the_secret_fits():
    token, other = tokens.new(), tokens.new()
    kept = tokens.digest(token.secret)
    assert tokens.fits(token.secret, kept)
    assert not tokens.fits(other.secret, kept)
    assert not tokens.fits(token.secret, None)
    assert tokens.read(f" {tokens.text_of(token)}\n") == token


def test_revoking_is_at_once_and_may_be_repeated(registry):
    key_id = registry.issue_credential("photo site", {"check"}).credential.key_id
    revoked = registry.revoke_credential(key_id)
    assert not revoked.is_good(clock.now())
    assert registry.revoke_credential(key_id) == revoked
    with pytest.raises(InvalidCredentialError, match="revoked"):
        registry.rotate_credential(key_id)


def test_rotating_leaves_both_good_for_a_while(registry):
    before = registry.issue_credential("photo site", {"check"}, timedelta(days=90)).credential
    after = registry.rotate_credential(before.key_id, timedelta(hours=2)).credential
    old, new = registry.credentials()
    assert new == after
    assert (new.name, new.scopes) == (before.name, before.scopes)
    assert new.expires - new.created == timedelta(days=90)
    now = clock.now()
    assert old.is_good(now)
    assert not old.is_good(now + timedelta(hours=2, seconds=1))
    assert new.is_good(now + timedelta(days=89))


def test_rotating_does_not_prolong_the_old_one(registry):
    before = registry.issue_credential("photo site", {"check"}, timedelta(hours=1)).credential
    registry.rotate_credential(before.key_id, timedelta(days=1))
    assert registry.credentials()[0].expires == before.expires


def test_the_first_credential_is_made_once(registry):
    assert registry.issue_first_credential("operator").credential.allows("operate")
    assert registry.issue_first_credential("operator") is None


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 65])
def test_names_that_are_refused(registry, name):
    with pytest.raises(InvalidCredentialError, match="printable"):
        registry.issue_credential(name, {"check"})


@pytest.mark.parametrize("scopes", [set(), {"everything"}, {"check", ""}])
def test_scopes_that_are_refused(registry, scopes):
    with pytest.raises(InvalidCredentialError, match="check, submit, operate"):
        registry.issue_credential("photo site", scopes)


def test_a_lifetime_that_is_refused(registry):
    with pytest.raises(InvalidCredentialError, match="some time"):
        registry.issue_credential("photo site", {"check"}, timedelta(0))


@pytest.mark.parametrize("key_id", ["", "0" * 12, "a\0b", "x" * 1000])
def test_credentials_that_are_not_there(registry, key_id):
    with pytest.raises(CredentialNotFoundError):
        registry.revoke_credential(key_id)
    with pytest.raises(CredentialNotFoundError):
        registry.rotate_credential(key_id)
