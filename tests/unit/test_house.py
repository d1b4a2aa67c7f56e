"""The rules of the house, read from its files."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "cantonsite"
CODE = sorted(file for file in PACKAGE.rglob("*.py") if "versions" not in file.parts)
LONGEST_FILE, LONGEST_FUNCTION = 300, 40


def files_matching(pattern: str, under: str = "") -> list[str]:
    found = re.compile(pattern)
    return [
        str(file.relative_to(PACKAGE))
        for file in CODE
        if str(file.relative_to(PACKAGE)).startswith(under) and found.search(file.read_text(encoding="utf-8"))
    ]


def test_only_transaction_commits():
    assert files_matching(r"session\.commit\(") == ["database.py"]


def test_the_status_of_an_application_is_assigned_in_one_place():
    assert files_matching(r"\.status = ") == ["models/invitation.py"]


@pytest.mark.parametrize("room", ["services/", "models/", "forms/"])
def test_below_http_nobody_knows_of_a_request(room):
    assert files_matching(r"from flask import [^\n]*\b(request|session|flash|g)\b", room) == []


def test_views_touch_no_database_and_send_no_mail():
    assert files_matching(r"\bdb\b|sqlalchemy|flask_mail|transaction\(", "views/") == []


def test_every_file_says_in_its_first_line_what_it_is_for():
    silent = [
        str(file) for file in CODE if file.read_text().strip() and not ast.get_docstring(ast.parse(file.read_text()))
    ]
    assert silent == []


def test_files_and_functions_keep_their_size():
    long = []
    for file in CODE:
        text = file.read_text(encoding="utf-8")
        if text.count("\n") > LONGEST_FILE:
            long.append(f"{file.name}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION:
                long.append(f"{file.name}:{node.name}")
    assert long == []


def test_no_room_is_called_utils():
    assert [file.name for file in CODE if file.stem in {"utils", "helpers", "common", "misc"}] == []


def test_public_functions_of_services_and_models_say_what_they_promise():
    silent = []
    for file in [*(PACKAGE / "services").rglob("*.py"), *(PACKAGE / "models").rglob("*.py")]:
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                silent.append(f"{file.name}:{node.name}")
    assert silent == []


def test_templates_hold_no_rules_of_their_own():
    templates = {str(f.relative_to(ROOT)): f.read_text() for f in (ROOT / "templates").rglob("*.html")}
    assert [name for name, text in templates.items() if "|safe" in text] == []
    assert [
        name for name, text in templates.items() if re.search(r"<script(?! type=\"application/ld\+json\")", text)
    ] == []
    assert [name for name, text in templates.items() if " style=" in text and "/mail/" not in name] == []


def test_importing_the_app_loads_nothing_heavy():
    code = (
        "import os, sys, tempfile; folder = tempfile.mkdtemp();"
        "open(os.path.join(folder, 'config.py'), 'w').write('ENVIRONMENT = \"demo\"; SECRET_KEY = \"k\" * 40');"
        "os.chmod(os.path.join(folder, 'config.py'), 0o600); os.environ['CANTONSITE_INSTANCE'] = folder;"
        "heavy = {'alembic', 'bs4', 'PIL', 'typst', 'xlsxwriter', 'pypdfium2', 'cryptography'};"
        "import app; print(sorted(heavy & {m.split('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]", done.stdout


def test_the_map_in_the_readme_names_real_paths():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"```map\n(.*?)```", text, re.DOTALL) or re.search(
        r"## The map\n+```\n?(.*?)```", text, re.DOTALL
    )
    assert block, "the README has no map"
    named = re.findall(r"^(\S+)", block[1], re.MULTILINE)
    assert len(named) > 10
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_locks_name_no_index():
    for file in (ROOT / "requirements").glob("*.txt"):
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links", file.read_text()), file.name


def test_every_setting_is_described_in_the_readme():
    from cantonsite.config import SETTINGS

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [setting.name for setting in SETTINGS if f"`{setting.name}`" not in text] == []
