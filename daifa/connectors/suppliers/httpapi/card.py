"""How a supplier with an interface of our protocol shows itself in our screens."""

from daifa.ports.card import Card, ConnectorKind, CredentialField

# The protocol is ours, so there is no outside document to be verified against: docs/supplier-protocol.md.
CARD = Card(
    key="httpapi",
    kind=ConnectorKind.SUPPLIER,
    label="通用接口供应商",
    short="接口",
    badge="接",
    hue="#5b6bb5",
    capabilities=frozenset(),
    credentials=(
        CredentialField("base_url", "接口地址", secret=False),
        CredentialField("key_id", "密钥编号", secret=False),
        CredentialField("secret", "密钥"),
    ),
    verified=True,
    shared_numbers=False,
)
