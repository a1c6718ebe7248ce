"""`daifa start|serve|init|openapi|doctor`: running and making an installation."""

from __future__ import annotations

import argparse
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

from daifa.areas.accounts.services import people
from daifa.entry import beside, health, occupying, serve
from daifa.entry.commands.output import as_json, say
from daifa.entry.commands.scope import with_database
from daifa.kit.errors import Conflict


def add_to(verbs: Any) -> None:
    """Register the commands."""
    for name, text in (("start", "运行产品（首次会建立演示公司）"), ("serve", "运行产品（不建立演示公司）")):
        start = verbs.add_parser(name, help=text)
        start.add_argument("--port", type=int, default=8000)
        start.add_argument("--host", default="127.0.0.1")
        start.add_argument("--web-workers", type=int, default=1)
        start.add_argument("--no-browser", action="store_true")
        start.add_argument("--no-world", action="store_true", help="不运行模拟世界")
        start.add_argument("--empty", action="store_true", help="不建立演示公司，从向导开始")
        start.set_defaults(run=_start)
    demo = verbs.add_parser("demo", help="建立演示公司")
    demo.set_defaults(run=_make_demo)
    init = verbs.add_parser("init", help="新建公司和店主，不用向导")
    init.add_argument("--company-name", "--name", dest="company_name", default="")
    init.add_argument("--owner", required=True)
    init.add_argument("--password-stdin", action="store_true", required=True)
    init.set_defaults(run=_init)
    openapi = verbs.add_parser("openapi", help="输出接口文档（OpenAPI）")
    openapi.add_argument("--check", default="", help="与文件比较，不同则失败")
    openapi.add_argument("--write", default="", help="写入文件")
    openapi.set_defaults(run=_openapi)


def _start(arguments: argparse.Namespace) -> int:
    with occupying.occupied(home()):
        occupying.need_port(arguments.host, arguments.port)
        return _serve(arguments)


def _serve(arguments: argparse.Namespace) -> int:
    if not health.has_bundle():
        say("注意：网页还没有构建，打开会是空的。请用 ./start 运行（会自动构建）。")
    address = f"http://{'127.0.0.1' if arguments.host == '0.0.0.0' else arguments.host}:{arguments.port}"
    login = ""
    if arguments.verb == "start" and not arguments.empty:
        _demo(say)
        login = demo_login()
    world = beside.prepare(home()) if login and not arguments.no_world else []

    def greet(family: serve.Family) -> None:
        if world:
            family.join("world", world)
        lines = [f"代发已就绪：{address}", login, "按 Ctrl-C 停止。"]
        say("\n" + "\n".join(f"  {line}" for line in lines if line) + "\n")
        if not arguments.no_browser and sys.stdout.isatty():
            webbrowser.open(address)

    def meet(family: serve.Family) -> None:
        say(f"  模拟世界（买家、供应商、快递；可调速、制造故障）：{beside.page(home())}\n")
        family.once("join", beside.joining(home(), address))

    moments = [serve.Moment(lambda: serve.answers(arguments.host, arguments.port), greet)]
    if world:
        moments.append(serve.Moment(lambda: bool(beside.page(home())), meet))
    return serve.run(serve.commands(arguments.host, arguments.port, arguments.web_workers), *moments)


def _make_demo(arguments: argparse.Namespace) -> int:
    from daifa.simulator import company

    told = (lambda _line: None) if arguments.json else say
    made = _demo(told)
    number = company.number()
    if number is None:
        others = "、".join(name for _, name in people.list_companies())
        raise Conflict(
            "other_company",
            f"这里已有公司“{others}”，没有建立演示公司。要看演示，请换一个目录：DAIFA_HOME=另一个目录 ./start。",
        )
    if arguments.json:
        account = {"login": company.LOGIN, "password": company.PASSWORD}
        as_json({"made": made, "company": number, "name": company.COMPANY, **account})
    else:
        say(demo_login())
    return 0


def demo_login() -> str:
    """The line with the demo's login, where there is a demo."""
    from daifa.simulator import company

    return f"演示账号：{company.LOGIN}  密码：{company.PASSWORD}" if company.number() is not None else ""


def _demo(told: Callable[[str], None]) -> bool:
    """Have the demo company where nobody else is; one that was killed while it was made is made anew.

    Returns whether it was made now.
    """
    from daifa.simulator import company

    with_database(makes=True)
    if company.throw_away_unfinished():
        told("上次建立演示公司时被中断，没有做完：那一家已停用，现在重新建立。")
    if people.list_companies():
        return False
    # It brings the whole simulator along, which only the first start needs.
    from daifa.simulator import seeding

    told("④ 建立演示公司：按真实流程导入一个月的文件（约半分钟）…")
    seeding.first(told)
    return True


def _init(arguments: argparse.Namespace) -> int:
    name = arguments.company or arguments.company_name
    password = sys.stdin.readline().rstrip("\n")
    # Before there is a database: what is refused makes none.
    people.need_founder(name=name, login=arguments.owner, password=password)
    with_database(makes=True)
    number, _ = people.create_company(name=name, login=arguments.owner, password=password)
    if arguments.json:
        as_json({"company": number, "name": name, "owner": arguments.owner})
    else:
        say(f"已建立公司“{name}”（编号 {number}），店主 {arguments.owner}。")
    return 0


# RFC 9110's words: Python took them over only in 3.13, and the document must be the same under every Python.
PHRASES = {
    "413": "Content Too Large", "414": "URI Too Long", "416": "Range Not Satisfiable", "422": "Unprocessable Content",
}  # fmt: skip


def document() -> bytes:
    """The OpenAPI document, stable from run to run."""
    from daifa.entry.urls import api

    schema = api.get_openapi_schema()
    for operations in schema["paths"].values():
        for operation in operations.values():
            for code, response in operation["responses"].items():
                response["description"] = PHRASES.get(str(code), response["description"])
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS) + b"\n"


def _openapi(arguments: argparse.Namespace) -> int:
    made = document()
    if arguments.write:
        Path(arguments.write).write_bytes(made)
    elif arguments.check:
        if Path(arguments.check).read_bytes() != made:
            again = f"daifa openapi --write {arguments.check}"
            say(f"{arguments.check} 已过期：请运行 {again}，再到 web/ 运行 npm run client。")
            return 1
    else:
        sys.stdout.write(made.decode())
    return 0


def home() -> Path:
    """Where this installation keeps everything."""
    return Path(settings.DAIFA_HOME)
