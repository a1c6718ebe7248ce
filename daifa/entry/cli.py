"""`daifa …`: the product's command line. Exit code 0 done, 1 refused with reasons, 2 wrong usage."""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import sys
from importlib import import_module
from pathlib import Path

from daifa.entry.commands import usage
from daifa.kit import log
from daifa.kit.errors import Invalid

# Commands that must start without a database and without Django.
_LIGHT = ("world",)


def _parser(argv: list[str]) -> argparse.ArgumentParser:
    from daifa.entry import commands

    parser = usage.parser_of(argv)(prog="daifa", description="代发：无货源电商 ERP 的命令行")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    parser.add_argument("--company", default="", help="公司名称或编号（只有一家时可省略）")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="命令")
    for module in commands.modules(_verb(argv)):
        module.add_to(verbs)
    return parser


def main(argv: list[str] | None = None) -> None:
    """Run one command."""
    usage.speak_chinese()
    given = _globals_first(sys.argv[1:] if argv is None else argv)
    if _verb(given) in _LIGHT:
        sys.exit(_run_light(given))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daifa.entry.settings")
    if _only_looks(given) or _is_nowhere(given):
        # Nothing is signed: the installation's own secret is neither needed nor made.
        os.environ.setdefault("DAIFA_SECRET", secrets.token_urlsafe(48))
    _set_up(given)
    from daifa.entry import failures
    from daifa.entry.commands import output

    if argv is None:
        log.configure(stream=sys.stderr, level=logging.WARNING)
    arguments = _parser(given).parse_args(given)
    try:
        code = arguments.run(arguments)
    except KeyboardInterrupt:
        code = 130
    except Exception as error:  # noqa: BLE001  # the last floor: a person gets a sentence, a script its JSON
        output.refuse(arguments, failures.told(error))
        code = 1
    sys.exit(code or 0)


def _only_looks(argv: list[str]) -> bool:
    """Whether the command works without an installation and leaves nothing behind."""
    return _verb(argv) == "fields" or (_verb(argv) == "import" and "--preview" in argv)


# What makes an installation where there is none.
_MAKES = ("start", "serve", "demo", "init", "restore")


def _is_nowhere(argv: list[str]) -> bool:
    """Whether the command can only be refused: there is no installation, and it does not make one."""
    home = Path(os.environ.get("DAIFA_HOME") or Path(__file__).resolve().parents[2] / "var")
    empty = not home.exists() or (home.is_dir() and not (home / "secret").exists() and not (home / "pg").exists())
    return empty and not os.environ.get("DATABASE_URL") and _verb(argv) not in _MAKES


def _set_up(argv: list[str]) -> None:
    """Read the settings; wrong ones are told in a line, as every other refusal."""
    import django

    from daifa.entry.commands import output

    try:
        django.setup()
    except SystemExit as said:
        reason = str(said.code)
    except ValueError as error:
        reason = f"有一个设置读不出来（{error}）。请对照 .env.example 检查环境变量。"
    else:
        return
    output.refuse(argparse.Namespace(json="--json" in argv), Invalid("bad_settings", reason))
    sys.exit(1)


def _verb(argv: list[str]) -> str:
    """The command that is meant; "" where none is."""
    words = (a for i, a in enumerate(argv) if not a.startswith("-") and argv[max(i - 1, 0)] != "--company")
    return next(words, "")


def _run_light(argv: list[str]) -> int:
    """A light command by itself: the others' modules, which need Django, are not even looked at."""
    parser = usage.parser_of(argv)(prog="daifa")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    verbs = parser.add_subparsers(dest="verb", required=True)
    import_module(f"daifa.entry.commands.{_verb(argv)}").add_to(verbs)
    arguments = parser.parse_args(argv)
    return int(arguments.run(arguments) or 0)


def _globals_first(argv: list[str]) -> list[str]:
    # `--json` and `--company` may stand anywhere.
    front, rest, i = [], [], 0
    while i < len(argv):
        if argv[i] == "--json":
            front.append(argv[i])
        elif argv[i] == "--company" and i + 1 < len(argv):
            front += argv[i : i + 2]
            i += 1
        elif argv[i].startswith("--company="):
            front.append(argv[i])
        else:
            rest.append(argv[i])
        i += 1
    return front + rest


if __name__ == "__main__":
    main()
