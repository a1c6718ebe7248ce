"""Pure rules of the mailroom: what a file is, what its columns mean, and what its rows become."""

from daifa.areas.mailroom.rules.errors_file import error_table, write_errors
from daifa.areas.mailroom.rules.mapping import (
    correct,
    fingerprint,
    near_template,
    say_words,
    template_of,
    use_template,
)
from daifa.areas.mailroom.rules.parse import parse
from daifa.areas.mailroom.rules.paste import paste_recipients
from daifa.areas.mailroom.rules.preview import fields_json, preview_json, rejected, understood
from daifa.areas.mailroom.rules.recipients import from_text, recipient, state_of
from daifa.areas.mailroom.rules.recognise import recognise

__all__ = [
    "correct",
    "error_table",
    "fields_json",
    "fingerprint",
    "from_text",
    "near_template",
    "parse",
    "paste_recipients",
    "preview_json",
    "recipient",
    "recognise",
    "rejected",
    "say_words",
    "state_of",
    "template_of",
    "understood",
    "use_template",
    "write_errors",
]
