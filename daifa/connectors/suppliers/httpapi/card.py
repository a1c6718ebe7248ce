"""How a supplier with an interface of our protocol shows itself in our screens."""

from datetime import timedelta

from daifa.ports.card import Address, ApiTerms, Capability, Card, ConnectorKind, CredentialField, Limit

# The protocol is ours, so there is no outside document to be verified against: docs/supplier-protocol.md.
CARD = Card(
    key="httpapi",
    kind=ConnectorKind.SUPPLIER,
    label="通用接口供应商",
    short="接口",
    badge="接",
    hue="#5b6bb5",
    capabilities=frozenset(
        {
            Capability.PLACE,
            Capability.FIND,
            Capability.CANCEL,
            Capability.ASK_REFUND,
            Capability.OFFERS,
            Capability.PUSH,
        }
    ),
    credentials=(
        CredentialField("app_key", "密钥编号", secret=False, help="供应商给的 X-Daifa-Key"),
        CredentialField("app_secret", "密钥"),
    ),
    verified=True,
    shared_numbers=False,
    api=ApiTerms(
        addresses=(Address("gateway", "接口地址", ""),),
        limits=(Limit(10, 20, source="起始值：超过时供应商答 429"),),
        timeout=15,
        # There is no token that could end.
        refresh_ahead=timedelta(0),
        visible_after=timedelta(0),
        push="供应商把推送发到本系统的推送地址",
    ),
)
