import pytest


def test_a_token_from_creation_to_revocation(run):
    made = run("token", "create", "photo site", "--scope", "check", "--expires", "90d", "--json")
    (issued,) = made.lines
    assert issued["token"].startswith(f"hm_{issued['key_id']}_")
    assert issued["scopes"] == "check"
    (listed,) = run("token", "list", "--json").lines
    assert "token" not in listed
    assert listed["expires"] > listed["created"]
    replaced = run("token", "rotate", issued["key_id"], "--overlap", "30m", "--json").lines[0]
    assert replaced["key_id"] != issued["key_id"]
    assert run("token", "revoke", replaced["key_id"], "--json").lines[0]["revoked"]
    shown = run("token", "list").out
    assert issued["key_id"] in shown
    assert issued["token"] not in shown


def test_what_a_person_reads(run):
    shown = run("token", "create", "me", "--scope", "operate").out
    assert "never" in shown
    assert "hm_" in shown
    key_id = shown.split("Key id")[1].split()[0]
    assert run("token", "revoke", key_id).out == f"The credential {key_id} of 'me' is revoked.\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("create", "me"), "--scope"),
        (("create", "me", "--scope", "all"), "check"),
        (("create", "me", "--scope", "check", "--expires", "soon"), "90d"),
        (("revoke", "0" * 12), "token list"),
    ],
)
def test_mistakes(run, arguments, words):
    ran = run("token", *arguments)
    assert ran.code == 2
    assert words in ran.err
