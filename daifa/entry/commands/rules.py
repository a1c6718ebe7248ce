"""`daifa replay-rule`: what operators' rules would have done to past orders."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import orjson

from daifa.areas.orders.services import rules
from daifa.entry.commands.output import as_json, say
from daifa.entry.commands.scope import CLI, company
from daifa.flows import rule_desk
from daifa.flows.routes.rules import replay_out
from daifa.flows.rule_desk import Replayed
from daifa.kit.errors import Invalid, NotFound


def add_to(verbs: Any) -> None:
    """Register the command."""
    command = verbs.add_parser("replay-rule", help="回放规则：对过去的订单会做什么（什么都不写入）")
    which = command.add_mutually_exclusive_group()
    which.add_argument("--name", default="", metavar="规则名", help="只回放这一条（不写时逐条回放全部规则）")
    which.add_argument("--file", default="", metavar="JSON", help="回放文件里的规则定义，不必先保存")
    command.add_argument("--days", type=int, default=rule_desk.DAYS, help="回放最近几天（默认 30）")
    command.set_defaults(run=_replay)


def _replay(arguments: argparse.Namespace) -> int:
    with company(arguments):
        found = _replayed(arguments)
    if arguments.json:
        as_json([replay_out(r, most=len(r.orders)) for r in found])
        return 0
    for one in found:
        say(f"{one.rule.name}：{one.sentence}")
        say(f"  近 {one.days} 天：{one.rule.text}")
        for order in one.orders[:20]:
            say(f"  {order.number}\t{order.shop}")
    if not found:
        say("还没有规则。")
    return 0


def _replayed(arguments: argparse.Namespace) -> list[Replayed]:
    if arguments.file:
        return [rule_desk.replay_one(by=CLI, definition=_definition(Path(arguments.file)), days=arguments.days)]
    if not arguments.name:
        return rule_desk.replay_all(by=CLI, days=arguments.days)
    for rule in rules.every():
        if rule.name == arguments.name:
            return [rule_desk.replay_one(by=CLI, rule_id=rule.id, days=arguments.days)]
    raise NotFound("no_such_rule", f"没有叫“{arguments.name}”的规则。")


def _definition(path: Path) -> dict[str, object]:
    try:
        found = orjson.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Invalid("bad_rule_file", f"{path} 读不出规则：要是一个 JSON 文件。") from error
    if not isinstance(found, dict):
        raise Invalid("bad_rule_file", f"{path} 里不是一条规则。")
    return found
