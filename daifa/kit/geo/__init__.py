"""Chinese addresses: which place an address names, what is wrong with it, and who is to be called.

``parse_address`` reads split columns or messy text; ``split_contact`` cuts a pasted block into name, phone and address;
``is_masked`` and ``looks_cipher`` tell what is not a plain text at all. Data and licences: SOURCES.md.
"""

from daifa.kit.geo.address import ParsedAddress, Problem, parse_address
from daifa.kit.geo.contact import Contact, normalise_phone, split_contact
from daifa.kit.geo.gazetteer import full_province, provinces
from daifa.kit.geo.plain import is_masked, looks_cipher
from daifa.kit.geo.resolve import resolve

__all__ = [
    "Contact",
    "ParsedAddress",
    "Problem",
    "full_province",
    "is_masked",
    "looks_cipher",
    "normalise_phone",
    "parse_address",
    "provinces",
    "resolve",
    "split_contact",
]
