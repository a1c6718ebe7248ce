"""What argparse says, in Chinese: it asks gettext for every sentence, and brings none of its own. JSON for programs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import NoReturn, cast

import orjson

_WORDS = {
    "usage: ": "用法：",
    "%(prog)s: error: %(message)s\n": "%(prog)s：%(message)s。看用法：加 --help\n",
    "positional arguments": "参数",
    "options": "选项",
    "show this help message and exit": "显示这份说明",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s %(message)s",
    "the following arguments are required: %s": "缺少 %s",
    "unrecognized arguments: %s": "不认识 %s",
    "invalid choice: %(value)r (choose from %(choices)s)": "不能是 %(value)r，可以是 %(choices)s",
    "invalid %(type)s value: %(value)r": "的值不对：%(value)r",
    "expected one argument": "后面要写一个值",
    "expected at least one argument": "后面至少要写一个值",
    "not allowed with argument %s": "不能和 %s 一起用",
    "one of the arguments %s is required": "要写 %s 中的一个",
    "ignored explicit argument %r": "后面不能写值：%r",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s 不明确，可能是 %(matches)s",
}


def speak_chinese() -> None:
    """Answer argparse's gettext from here; a sentence that is not here stays as it is."""
    module = cast("dict[str, object]", vars(argparse))
    plural = cast("Callable[[str, str, int], str]", module["ngettext"])
    module["_"] = lambda text: _WORDS.get(text, text)
    module["ngettext"] = lambda one, many, n: _WORDS.get(one) or plural(one, many, n)


class JsonParser(argparse.ArgumentParser):
    """For programs: wrong usage is a refusal like every other. The commands' parsers are of the same class."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and end."""
        told = {"refused": True, "code": "usage", "message": f"{message}。看用法：加 --help", "data": {}}
        sys.stdout.write(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode() + "\n")
        sys.exit(2)


def parser_of(argv: list[str]) -> type[argparse.ArgumentParser]:
    """The kind of parser that answers whoever wrote this command line."""
    return JsonParser if "--json" in argv else argparse.ArgumentParser
