import pytest
from PIL import Image


@pytest.fixture
def listed(run, holiday):
    """A registry with the fingerprints of one photograph."""
    assert run("submit", "holiday.jpg").code == 0
    return holiday


def test_a_copy_is_flagged_with_its_reason_and_a_stranger_is_not(run, listed):
    with Image.open(listed / "holiday.jpg") as picture:
        picture.resize((320, 213)).save(listed / "copy.webp", quality=60)
    ran = run("check", "copy.webp", "coffee.png")
    assert ran.code == 1
    copy, stranger = ran.out.splitlines()
    assert copy.startswith("block   copy.webp: Entry ")
    assert "list 'default'" in copy
    assert stranger.startswith("pass    coffee.png: ")


@pytest.mark.usefixtures("listed")
def test_nothing_flagged_ends_with_0(run):
    ran = run("check", "coffee.png", "album")
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.usefixtures("holiday")
def test_lists_in_which_nothing_can_be_found_are_told(run):
    ran = run("check", "coffee.png", "--registry", "mistyped")
    assert ran.code == 0
    assert ran.err == "hashmatch: The lists have no entry yet; nothing can be found.\n"


@pytest.mark.usefixtures("listed")
def test_json_holds_the_matches_and_no_hash(run):
    ran = run("check", "--json", "holiday.jpg", "coffee.png")
    flagged, clear = ran.lines
    assert (flagged["action"], flagged["status"], flagged["quality"]) == ("block", "ok", 100)
    assert {match["hasher"] for match in flagged["matches"]} == {"pdq", "sha256"}
    assert {match["list"] for match in flagged["matches"]} == {"default"}
    assert clear["matches"] == []
    code = run("hash", "holiday.jpg").out.split()[0]
    assert code not in ran.out


@pytest.mark.usefixtures("listed")
def test_a_picture_that_cannot_be_checked_is_an_error_not_a_pass(run):
    ran = run("check", "holiday.jpg", "cut.jpg")
    assert ran.code == 2
    assert ran.out.startswith("block   holiday.jpg")
    assert ran.err.startswith("cut.jpg: ")


def test_a_picture_comes_through_standard_input(run, listed):
    ran = run("check", "--json", "-", given=(listed / "holiday.jpg").read_bytes())
    assert ran.lines[0]["action"] == "block"


def test_low_quality_is_a_status_and_exact_copies_are_still_found(run, listed):
    blank = Image.new("RGB", (200, 100), "white")
    blank.save(listed / "blank.png")
    blank.save(listed / "again.bmp")
    run("submit", "blank.png")
    exact, other = run("check", "--json", "blank.png", "again.bmp").lines
    assert (exact["action"], exact["status"]) == ("block", "low_quality")
    assert (other["action"], other["status"]) == ("pass", "low_quality")


def test_a_registry_of_another_kind_is_told(run, holiday):
    (holiday / "notes").mkdir()
    (holiday / "notes/registry.sqlite3").write_text("this is no database, but a note to myself\n")
    ran = run("check", "holiday.jpg", "--registry", "notes")
    assert ran.code == 2
    assert ran.err.startswith("hashmatch: ")
    assert "notes" in ran.err


class TestThorough:
    @pytest.fixture
    def crop(self, listed):
        with Image.open(listed / "holiday.jpg") as picture:
            width, height = picture.size
            picture.crop((width // 8, height // 8, width, height * 7 // 8)).save(
                listed / "crop.png"
            )
        return listed / "crop.png"

    def test_a_crop_is_found_by_its_parts(self, run, crop):
        assert run("check", crop).code == 0
        ran = run("check", crop, "coffee.png", "--depth", "thorough", "--json")
        assert ran.code == 1
        flagged, clear = ran.lines
        assert flagged["action"] == "block"
        assert flagged["matches"][0]["placed"]["votes"] >= 8
        assert clear["matches"] == []
        assert "parts that cover" in run("check", crop, "--depth", "thorough").out

    def test_what_was_found_is_drawn_on_request(self, run, crop, here):
        before = {*here.rglob("*.png")}
        ran = run("check", crop, "--explain", "drawn.png")
        assert ran.code == 1
        assert ran.out.startswith("block")
        assert {*here.rglob("*.png")} - before == {here / "drawn.png"}
        with Image.open("drawn.png") as drawn, Image.open(crop) as checked:
            assert drawn.size == checked.size
            reds = [
                pixel
                for pixel in drawn.convert("RGB").get_flattened_data()
                if pixel == (214, 39, 40)
            ]
        assert len(reds) > 100

    def test_one_picture_is_drawn_over(self, run, crop):
        ran = run("check", crop, "coffee.png", "--explain", "drawn.png")
        assert ran.code == 2
        assert "one picture" in ran.err

    def test_a_place_that_cannot_be_written_is_told(self, run, crop):
        ran = run("check", crop, "--explain", "nowhere/drawn.png")
        assert ran.code == 2
        assert "nowhere/drawn.png cannot be written" in ran.err

    def test_a_drawing_that_was_not_finished_is_not_left(self, run, crop, here, fill_disk):
        fill_disk()
        ran = run("check", crop, "--explain", "drawn.png")
        assert ran.code == 2
        assert "drawn.png cannot be written: No space left on device" in ran.err
        assert not (here / "drawn.png").exists()

    def test_whole_pictures_only_on_request(self, run, holiday):
        kept = run("submit", "--whole-only", "holiday.jpg")
        assert "parts" not in kept.out
        ran = run("check", holiday / "holiday.jpg", "--depth", "thorough")
        assert ran.out.startswith("block")
        with Image.open("holiday.jpg") as picture:
            picture.rotate(9).save("turned.png")
        assert run("check", "turned.png", "--depth", "thorough").code == 0
        said = run("submit", "holiday.jpg")
        assert "--whole-only" in said.out
        assert run("check", "turned.png", "--depth", "thorough").code == 1
