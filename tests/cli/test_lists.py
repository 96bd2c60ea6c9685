import pytest


def codes(count, start=1):
    return [f"{number * 7919:064x}" for number in range(start, start + count)]


def test_a_list_is_made_shown_set_and_removed(run):
    assert run("list", "create", "partners", "--threshold", "20", "--action", "review").code == 0
    made = run("list", "show", "partners", "--json").lines[0]
    assert (made["threshold"], made["review_threshold"], made["action"]) == (20, 45, "review")
    changed = run("list", "set", "partners", "--review-threshold", "30", "--json").lines[0]
    assert (changed["threshold"], changed["review_threshold"]) == (20, 30)
    everything = run("list", "show").out
    assert everything.splitlines()[0].split() == [
        *("list", "entries", "action", "threshold", "review", "to", "min", "quality"),
    ]
    assert "partners" in everything
    assert run("list", "remove", "partners", given="n\n").code == 130
    assert run("list", "remove", "partners", "--yes").code == 0
    assert run("list", "show", "partners").code == 2


def test_thresholds_of_parts_are_set_and_given_back(run):
    run("list", "create", "partners", "--part-threshold", "20")
    (made,) = run("list", "show", "partners", "--json").lines
    assert (made["part_threshold"], made["part_review_threshold"]) == (20, None)
    changed = ["--part-threshold", "usual", "--part-review-threshold", "40", "--json"]
    (after,) = run("list", "set", "partners", *changed).lines
    assert (after["part_threshold"], after["part_review_threshold"]) == (None, 40)
    wrong = run("list", "set", "partners", "--part-threshold", "many")
    assert wrong.code == 2
    assert "'many' is not a valid integer" in wrong.err


@pytest.mark.parametrize("ending", ["csv", "parquet", "txt"])
def test_what_is_exported_can_be_imported(run, here, ending):
    (here / "in.txt").write_text("\n".join(codes(50)) + "\n")
    assert run("list", "import", "default", "in.txt", "--json").lines[0]["added"] == 50
    assert run("list", "export", "default", f"out.{ending}").code == 0
    run("list", "create", "copy")
    again = run("list", "import", "copy", f"out.{ending}", "--json").lines[0]
    assert (again["added"], again["bad"]) == (50, 0)


def test_bad_lines_are_told_by_number_and_the_rest_is_kept(run, here):
    good = codes(3)
    (here / "in.txt").write_text("\n".join([good[0].upper(), " " + good[1] + " ", "beef", good[2]]))
    ran = run("list", "import", "default", "in.txt")
    assert ran.code == 2
    assert ran.out == "3 added, 0 already there, 1 bad.\n"
    assert ran.err.startswith("in.txt, line 3: a pdq hash has 64 hexadecimal digits")
    assert "beef" not in ran.err


def test_a_strict_import_is_all_or_nothing(run, here):
    (here / "in.txt").write_text("\n".join([*codes(3), "beef"]))
    ran = run("list", "import", "default", "in.txt", "--strict")
    assert ran.code == 2
    assert "Nothing was imported" in ran.err
    assert run("list", "show", "default", "--json").lines[0]["entries"] == 0


def test_a_file_that_is_not_there_is_told(run):
    ran = run("list", "import", "default", "nowhere.csv")
    assert ran.code == 2
    assert "nowhere.csv" in ran.err
