"""Settings: where they come from, how they are converted, and what refuses to start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cantonsite import config, create_app

GOOD = {
    **config.defaults(),
    "SECRET_KEY": "s" * 40,
    "DOCUMENT_KEYS": "1:" + "k" * 43,
    "BASE_URL": "https://press.example.org",
    "MAIL_SERVER": "smtp.example.org",
    "MAIL_DEFAULT_SENDER": "press@example.org",
    "PRESS_OFFICE_EMAIL": "press@example.org",
}
ROOT = Path(__file__).parents[2]


def names(settings: dict, folder: Path) -> list[str]:
    return [problem.setting for problem in config.problems(settings, str(folder))]


def test_good_settings_have_no_problem(tmp_path):
    assert names(GOOD, tmp_path) == []


@pytest.mark.parametrize(
    ("change", "setting"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"DOCUMENT_KEYS": ""}, "DOCUMENT_KEYS"),
        ({"DOCUMENT_KEYS": "1:short"}, "DOCUMENT_KEYS"),
        ({"DOCUMENT_KEYS": "k" * 43}, "DOCUMENT_KEYS"),
        ({"DOCUMENT_KEYS": f"1:{'k' * 43} 1:{'l' * 43}"}, "DOCUMENT_KEYS"),
        ({"DOCUMENT_KEYS": "s:" + "k" * 43}, "DOCUMENT_KEYS"),
        ({"BASE_URL": "http://press.example.org"}, "BASE_URL"),
        ({"BASE_URL": ""}, "BASE_URL"),
        ({"BASE_URL": "https://press.example.org/news"}, "BASE_URL"),
        ({"MAIL_SERVER": ""}, "MAIL_SERVER"),
        ({"MAIL_DEFAULT_SENDER": ""}, "MAIL_DEFAULT_SENDER"),
        ({"DEBUG": True}, "DEBUG"),
        ({"ENVIRONMENT": "prod"}, "ENVIRONMENT"),
    ],
)
def test_each_bad_setting_is_named_with_its_mend(change, setting, tmp_path):
    found = config.problems({**GOOD, **change}, str(tmp_path))
    assert [problem.setting for problem in found] == [setting]
    assert found[0].what
    assert found[0].mend


def test_secrets_that_others_can_read_are_named(tmp_path):
    (tmp_path / "config.py").write_text("")
    (tmp_path / "config.py").chmod(0o644)
    assert names(GOOD, tmp_path) == ["config.py"]


def test_production_refuses_to_start_and_names_everything(tmp_path, monkeypatch):
    monkeypatch.delenv("CANTONSITE_INSTANCE", raising=False)
    with pytest.raises(config.ConfigurationError) as refused:
        create_app(instance_path=str(tmp_path))
    assert all(name in str(refused.value) for name in ("SECRET_KEY", "BASE_URL", "MAIL_SERVER"))


def test_the_command_line_works_on_a_half_configured_machine(tmp_path):
    env = {**os.environ, "CANTONSITE_INSTANCE": str(tmp_path)}
    run = {"cwd": ROOT, "env": env, "capture_output": True, "text": True}
    flask = [sys.executable, "-m", "flask", "--app", "app"]
    assert subprocess.run([*flask, "db", "upgrade"], **run, check=False).returncode == 0
    checked = subprocess.run([*flask, "check"], **run, check=False)
    assert checked.returncode == 1
    assert "FAIL  Setting SECRET_KEY" in checked.stdout
    assert "Mend: " in checked.stdout
    refused = subprocess.run([sys.executable, "-c", "import app"], **run, check=False)
    assert refused.returncode != 0
    assert "SECRET_KEY: is missing" in refused.stderr


def test_the_environment_is_taken_as_text_and_converted_by_type():
    found = config.from_environment(
        {
            "CANTONSITE_MAIL_PASSWORD": "1234",
            "CANTONSITE_SECRET_KEY": "1e9",
            "CANTONSITE_MAIL_PORT": "2525",
            "CANTONSITE_MAIL_USE_TLS": "True",
            "CANTONSITE_SECRET_KEY_FALLBACKS": "old older",
            "OTHER": "x",
        }
    )
    assert found == {
        "MAIL_PASSWORD": "1234",
        "SECRET_KEY": "1e9",
        "MAIL_PORT": 2525,
        "MAIL_USE_TLS": True,
        "SECRET_KEY_FALLBACKS": ["old", "older"],
    }


def test_a_variable_that_cannot_be_converted_is_named():
    with pytest.raises(config.ConfigurationError, match=r"MAIL_PORT.*twenty"):
        config.from_environment({"CANTONSITE_MAIL_PORT": "twenty"})
