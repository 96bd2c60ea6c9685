"""What is deployed by, as linters and the programs that read it see it; no engine runs here."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from hashmatch.cli.serve import command

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE, COMPOSE, UNIT = (
    DEPLOY / name for name in ("Dockerfile", "compose.yaml", "hashmatch.service")
)


def run(*arguments):
    return subprocess.run(arguments, capture_output=True, text=True, check=False)


def program(name):
    """A program that pip installed beside this Python."""
    return str(Path(sys.executable).with_name(name))


def last_stage():
    """The instructions of the stage that is run, each on one line."""
    text = re.sub(r"\\\n\s*", "", DOCKERFILE.read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    begin = max(number for number, line in enumerate(lines) if line.startswith("FROM "))
    return [line.strip() for line in lines[begin:]]


def test_hadolint_has_nothing_to_say_of_the_dockerfile(tmp_path):
    answer = run(program("hadolint"), "--failure-threshold", "style", str(DOCKERFILE))
    assert answer.returncode == 0, answer.stdout
    worse = tmp_path / "Dockerfile"
    worse.write_text("FROM debian\nRUN sudo apt-get install curl\n")
    assert run(program("hadolint"), str(worse)).returncode != 0  # so it does look


def test_what_runs_is_not_root_and_has_no_shell():
    lines = last_stage()
    assert "distroless" in lines[0]
    users = [line for line in lines if line.startswith("USER ")]
    assert users[-1] == "USER 65532:65532"
    assert not any(line.startswith(("RUN", "SHELL", "ADD")) for line in lines)
    for name in ("ENTRYPOINT", "CMD"):
        (found,) = [line for line in lines if line.startswith(f"{name} ")]
        assert found.startswith(f"{name} ["), "without a shell, arguments stand in a list"


def test_the_image_is_made_of_the_repository_and_nothing_beside():
    wanted = (DEPLOY / "Dockerfile.dockerignore").read_text().split()
    assert wanted[0] == "*"
    for each in wanted:
        if each.startswith("!"):
            assert (ROOT / each[1:]).exists(), each


def test_the_compose_file_is_one(tmp_path):
    check = [program("check-jsonschema"), "--builtin-schema", "vendor.compose-spec"]
    answer = run(*check, str(COMPOSE))
    assert answer.returncode == 0, answer.stdout
    worse = tmp_path / "compose.yaml"
    worse.write_text(COMPOSE.read_text().replace("read_only: true", "read_only: [1]"))
    assert run(*check, str(worse)).returncode != 0


def test_the_compose_file_closes_what_it_can():
    told = yaml.safe_load(COMPOSE.read_text())
    service, database = told["services"]["service"], told["services"]["database"]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["memswap_limit"] == service["mem_limit"]
    assert service["ulimits"]["core"] == database["ulimits"]["core"] == 0
    assert "no-new-privileges:true" in service["security_opt"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert "ports" not in database
    assert told["networks"]["inside"]["internal"]
    assert (DEPLOY / service["build"]["context"]).resolve() == ROOT
    assert (ROOT / service["build"]["dockerfile"]).is_file()


def options_of(words):
    """The arguments of `hashmatch serve`, as click reads them."""
    assert words[0] == "serve"
    return command.make_context("serve", [*words[1:], "--registry", "x"], resilient_parsing=False)


def test_the_commands_are_ones_that_there_are():
    told = yaml.safe_load(COMPOSE.read_text())["services"]["service"]["command"]
    assert options_of(told).params["workers"] == 2
    (given,) = [line for line in last_stage() if line.startswith("CMD ")]
    assert options_of(yaml.safe_load(given.removeprefix("CMD "))).params["host"] == "0.0.0.0"  # noqa: S104 - in a container
    started = re.search(r"^ExecStart=\S+ (.*)$", UNIT.read_text(), re.MULTILINE)[1]
    assert options_of(started.split()).params["workers"] == 2


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
class TestUnit:
    @pytest.fixture
    def unit(self, tmp_path):
        """The unit, with a program that there is on this machine."""
        copy = tmp_path / "hashmatch.service"
        copy.write_text(UNIT.read_text().replace("/opt/hashmatch/bin/hashmatch", sys.executable))
        return copy

    def test_systemd_understands_every_line(self, unit):
        answer = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(unit))
        assert (answer.returncode, answer.stderr) == (0, "")
        unit.write_text(unit.read_text().replace("LimitCORE=0", "LimitCORES=0"))
        answer = run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(unit))
        assert "LimitCORES" in answer.stderr

    def test_systemd_counts_little_that_is_exposed(self, unit):
        answer = run(
            "systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager",
            str(unit),
        )  # fmt: skip
        assert answer.returncode == 0, answer.stdout[-500:]
