import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from hashmatch.cli import app


def every_command():
    context = click.Context(app.group)
    for name in app.COMMANDS:
        command = app.group.get_command(context, name)
        yield (name,), command
        if isinstance(command, click.Group):
            yield from (((name, sub), command.commands[sub]) for sub in command.commands)


COMMANDS = dict(every_command())


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(run, path):
    ran = run(*path, "--help")
    assert ran.code == 0
    assert ran.out.startswith(f"Usage: hashmatch {' '.join(path)}")
    top = path[:1]
    if len(path) == 1:
        assert f"hashmatch {top[0]}" in ran.out.split("Examples:")[1]


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_option_has_a_word_of_help(path):
    for parameter in COMMANDS[path].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, (path, parameter.name)


def test_the_help_lists_the_commands_without_loading_them():
    program = (
        "import sys\nfrom hashmatch.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "assert not {'PIL', 'numpy', 'sqlalchemy', 'numba'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)


def test_the_version_is_that_of_the_package(run):
    from importlib.metadata import version

    assert run("--version").out == f"hashmatch, version {version('hashmatch')}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_ask_hashmatch(run, shell):
    ran = run("completion", shell)
    assert ran.code == 0
    assert "_HASHMATCH_COMPLETE" in ran.out


def test_completion_knows_the_commands():
    from click.shell_completion import ShellComplete

    complete = ShellComplete(app.group, {}, "hashmatch", "_HASHMATCH_COMPLETE")
    assert {item.value for item in complete.get_completions([], "")} == set(app.COMMANDS)
    found = {item.value for item in complete.get_completions(["list"], "ex")}
    assert found == {"export"}


def test_a_closed_pipe_ends_quietly(holiday):
    command = [sys.executable, "-m", "hashmatch", "hash", "--json", *["holiday.jpg"] * 400]
    with subprocess.Popen(
        command, cwd=holiday, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout.readline().startswith(b'{"path": "holiday.jpg"')
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == app.READER_GONE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("arguments", [["--help"], ["hash", "holiday.jpg"]], ids=" ".join)
def test_output_that_cannot_be_written_is_an_error_in_a_sentence(holiday, arguments):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "hashmatch", *arguments],
            cwd=holiday, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == ("hashmatch: What was to be printed, or read: No space left on device.\n")


def test_a_fault_of_ours_is_not_the_exit_code_of_a_flag(run, holiday, monkeypatch):
    del holiday
    monkeypatch.setattr("hashmatch.cli.check.find", lambda _: 1 / 0)
    ran = run("check", "holiday.jpg")
    assert ran.code == 2
    assert "ZeroDivisionError" in ran.err


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "utf-8"])
def test_names_that_an_output_cannot_spell_end_no_command(holiday, encoding):
    names = [b"caf\xc3\xa9 \xe2\x98\x83.jpg", b"no utf-8 \xff.jpg", b"two\nlines\x1b[2J.jpg"]
    try:
        for name in names:
            shutil.copy(holiday / "holiday.jpg", holiday / os.fsdecode(name))
    except OSError:
        pytest.skip("this file system takes no such names")
    command = [sys.executable, "-m", "hashmatch", "hash"]
    env = {**os.environ, "PYTHONIOENCODING": f"{encoding}:strict"}
    lines = subprocess.check_output([*command, *names], cwd=holiday, env=env).splitlines()
    assert len(lines) == len(names)
    assert lines[1].endswith(b"  no utf-8 \\udcff.jpg")
    assert lines[2].endswith(b"  two\\nlines\\x1b[2J.jpg")
    told = subprocess.check_output([*command, "--json", *names], cwd=holiday, env=env).splitlines()
    assert [os.fsencode(json.loads(line)["path"]) for line in told] == names
