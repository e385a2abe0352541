from __future__ import annotations

import subprocess
import sys

from bootstrap.envfiles import dotenv_parser


def test_the_rest_of_the_package_is_not_loaded() -> None:
    code = (
        "import sys\nfrom bootstrap.envfiles import dotenv_parser as d\n"
        "from io import StringIO\n"
        "print(d.parse_binding(d.Reader(StringIO('A=1')))[:2], 'dotenv' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "('A', '1') False\n"


def test_it_is_python_dotenvs_own() -> None:
    from dotenv import parser

    assert dotenv_parser.parse_binding.__code__.co_code == parser.parse_binding.__code__.co_code
    assert dotenv_parser.Binding._fields == parser.Binding._fields
