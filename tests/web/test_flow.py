"""The page as persons use it, in real browsers, against a service as it is run."""

import json
import re

import pytest
from web.traffic import by_the_page, is_of_the_browser

from hashmatch import hash_image
from hashmatch.hashers import listed_parts
from hashmatch.registry import Registry

ALL = [
    "submission", "whole_only", "offline", "sparing", "unanswered", "refusals", "outcomes",
    "bad_files", "many", "dead_worker", "self_test", "leaving", "cases", "languages", "keyboard",
]  # fmt: skip
BROWSERS = {
    # a drop that a script makes is taken for one by this browser only
    "chrome": {"scenarios": [*ALL, "dropped"]},
    # every picture that is read back from a canvas is noise here
    "firefox": {"scenarios": ALL, "prefs": {"privacy.resistFingerprinting": True}},
}


@pytest.fixture(scope="module", params=BROWSERS)
def browser(request):
    return request.param


@pytest.fixture(scope="module")
def outcomes(browser, visit):
    return visit(browser, "flow", **BROWSERS[browser])


@pytest.fixture
def facts(outcomes):
    """`facts(name)`: what a scenario saw; one that only another browser plays is skipped."""

    def of(name):
        if name not in outcomes:
            pytest.skip("this browser cannot be driven to do it")
        assert outcomes[name]["ok"], outcomes[name]["error"]
        return outcomes[name]["facts"]

    return of


def whole(path):
    found = hash_image(path)
    return {"kind": "whole", "hasher": "pdq", "hash": found.hex, "quality": found.quality}


def parts(path):
    code = listed_parts(path).hex()
    return {"kind": "parts", "hasher": "pdq-part", "hash": code, "quality": None}


def picture(path):
    return {"fingerprints": [whole(path), parts(path)]}


def test_what_is_sent_is_what_was_shown_and_nothing_else(facts, choices, service):
    seen = facts("submission")
    mine = service.url
    traffic = [each for each in seen["traffic"] if not is_of_the_browser(each)]
    *loading, sent = by_the_page(traffic)
    assert seen["asked"] == [mine]
    assert {each["url"].removeprefix(mine)[0] for each in traffic} == {"/"}
    assert {(each["method"], each["body"]) for each in loading} == {("GET", "")}
    assert (sent["method"], sent["url"]) == ("POST", f"{mine}/v1/cases")
    message = json.loads(sent["body"])
    assert message == json.loads(seen["promised"])
    assert message == {"pictures": [picture(choices[kind]) for kind in ("photo", "other", "once")]}
    assert not {"cookie", "referer"} & {name for each in traffic for name in each["headers"]}


def test_parts_are_on_the_list_until_their_case_is_taken_back(facts, choices, registry_place):
    """Others have sent the first picture too; the last one was of the case that was taken back."""
    assert facts("submission")["active"] == "3 of 3"  # parts belong to their picture's entry
    with Registry.open(registry_place) as registry:
        kept = {row.data for batch in registry.parts() for row in batch}
    assert listed_parts(choices["photo"]) in kept
    assert listed_parts(choices["once"]) not in kept


def test_the_whole_alone_is_sent_where_that_is_chosen(facts, choices):
    seen = facts("whole_only")
    both, alone, again, last = (json.loads(each) for each in seen["promised"])
    assert both == again == {"pictures": [picture(choices["photo"])]}
    assert alone == last == {"pictures": [{"fingerprints": [whole(choices["photo"])]}]}
    assert seen["counts"] == [["1", "1"], ["1"], ["1", "1"], ["1"]]
    assert [json.loads(each) for each in seen["sent"]] == [alone]


def test_the_choice_is_not_offered_where_there_are_no_parts(facts, choices):
    seen = facts("whole_only")
    assert not seen["offered"]
    assert json.loads(seen["vague"]) == {"pictures": [{"fingerprints": [whole(choices["vague"])]}]}


def test_nothing_is_kept_in_the_browser(facts):
    assert set(facts("submission")["kept"].values()) == {"", 0}


def test_names_and_pictures_are_hidden_until_asked_for(facts):
    seen = facts("submission")
    assert "holiday" not in seen["hidden"]["text"]
    assert seen["hidden"]["sides"] <= 3
    assert seen["shown"].split() == ["Picture", "1", "holiday.jpg"]


def test_a_whole_visit_is_one_step_in_the_history(facts):
    assert facts("submission")["history"] <= 2  # the empty page that a browser begins with


def decoders(urls):
    """Those among what was loaded."""
    found = re.findall(r"/(jpeg-turbo|webp_dec|avif_dec|libheif)-\w+\.wasm", "\n".join(urls))
    return sorted(found)


def test_decoders_are_loaded_for_those_who_begin(facts):
    seen = facts("offline")
    assert decoders(seen["read"]) == []
    assert decoders(seen["begun"]) == ["avif_dec", "jpeg-turbo", "libheif", "webp_dec"]


def test_where_data_are_saved_only_what_opens_the_chosen_is_loaded(facts):
    assert decoders(facts("sparing")["loaded"]) == ["jpeg-turbo"]


def test_no_connection_is_needed_until_sending(facts):
    seen = facts("offline")
    assert by_the_page(seen["asked"]) == []
    assert len({*seen["keys"]}) == 1
    assert len(seen["keys"]) >= 2


def test_an_answer_that_is_lost_makes_no_second_case(facts):
    seen = facts("unanswered")
    assert len({each["key"] for each in seen["submissions"]}) == 1
    assert len(seen["submissions"]) >= 2
    cases = {json.loads(each["answer"])["case"] for each in seen["submissions"]}
    assert cases == {seen["number"]}


def test_refusals_are_told_in_words_and_free_the_way(facts):
    seen = facts("refusals")
    assert "too many at once" in seen["said"]["413"]
    assert "key" in seen["said"]["401"]
    assert "not your fault" in seen["said"]["422"]
    # three tries of the first submission; each one after a refusal is another
    assert len(seen["keys"]) == 6
    assert len({*seen["keys"][:3]}) == 1
    assert len({*seen["keys"]}) == 4


def test_what_became_of_each_picture_is_told(facts):
    seen = facts("outcomes")
    assert seen["told"][0] == "1 picture is looked for from now on."
    assert "a person decides" in seen["told"][1]
    assert "Picture 3: there is too little" in seen["told"][2]
    copied, saved, printed = seen["given"]
    assert "1234-5678-9012" in copied
    assert "one two three four five six" in copied
    assert (saved, printed) == ("note.txt", True)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("empty", "This file is empty"),
        ("pdf", "This is not a picture"),
        ("truncated", "A part of this file is missing"),
        ("huge", "too large"),
        ("small", "too small"),
        ("blank", "nearly all one colour"),
    ],
)
def test_a_bad_file_is_told_in_words(facts, kind, words):
    row = facts("bad_files")["rows"][kind]
    assert row["tone"] == "bad"
    assert words in row["status"]


def test_bad_files_are_not_in_the_way_of_a_good_one(facts, choices):
    seen = facts("bad_files")
    assert seen["rows"]["photo"]["tone"] == "good"
    assert seen["rows"]["copy"]["status"] == "The same as picture 7. It is sent once."
    assert seen["message"] == {"pictures": [picture(choices["photo"])]}
    assert seen["focused"] == "Remove picture 3"


def test_500_files_at_once(facts):
    seen = facts("many")
    assert seen["stopped"] > 0
    assert seen["progress"] == "500 of 500 pictures are done"
    assert seen["sent"] == 500


def test_a_worker_that_dies_takes_one_picture_with_it(facts):
    first, second, third = facts("dead_worker")["first"]
    assert first["tone"] == third["tone"] == "good"
    assert "Close other tabs, then try again" in second["status"]


def test_a_browser_that_computes_wrongly_can_send_nothing(facts):
    seen = facts("self_test")
    assert "cannot make correct fingerprints" in seen["said"]
    assert "Nothing was sent" in seen["said"]
    assert "another browser" in seen["said"]
    assert "hashmatch submit" in seen["said"]
    assert (seen["buttons"], seen["submissions"]) == (0, 0)


def test_leaving_at_once_leaves_no_way_back(facts):
    seen = facts("leaving")
    assert "Picture 1" not in seen["left"]
    assert "hashmatch" not in seen["left"]
    assert seen["back"] == "/livez"  # where the visit had come from


def test_keys_alone_do(facts):
    seen = facts("keyboard")
    assert seen["order"][:2] == ["Skip to the content", "Leave this page"]
    assert seen["heads"] == [
        "Choose your pictures",
        "Check what will be sent",
        "The fingerprints have arrived",
        "Open: its fingerprints are on the list",
    ]
    assert seen["back"] == "kept"


def test_pictures_may_be_dropped_and_pasted(facts):
    seen = facts("dropped")
    assert seen["covered"] == "grid"
    assert [row["tone"] for row in seen["rows"]] == ["good", "note"]


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("no number", "12 digits"),
        ("another number", "There is no case with this number"),
        ("away", "Your case is safe"),
        ("busy", "wait 7 seconds"),
        ("no phrase", "six words"),
        ("another phrase", "do not belong together"),
        ("foreign phrase", "do not belong together"),
        ("phrase away", "cannot be reached"),
    ],
)
def test_the_page_of_a_case_says_what_is_wrong(facts, what, words):
    assert words in facts("cases")["said"][what]


def test_the_page_of_a_case_names_who_looks(facts):
    assert facts("cases")["platforms"] == [
        ["Forum", "November 20, 2026", "3"],
        ["Chat", "Not yet", "0"],
    ]


def test_every_language_has_its_direction_and_no_trail(facts):
    seen = facts("languages")
    assert seen["grown"] == 0
    for language, (lang, written, drawn) in seen["titles"].items():
        assert lang == language
        assert written == drawn == ("rtl" if language == "ar" else "ltr")
