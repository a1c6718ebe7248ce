"""How a supplier with an interface of our protocol shows itself in our screens."""

from datetime import timedelta

from daifa.ports.card import Address, ApiTerms, Capability, Card, ConnectorKind, CredentialField, DocLink, Limit

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
        CredentialField("app_key", "密钥编号", secret=False, help="供应商的技术人员给的编号"),
        CredentialField("app_secret", "密钥", help="供应商给的签名密钥，和密钥编号是一对"),
    ),
    links=(
        DocLink("给技术人员的接口说明", "/docs/supplier-protocol.md"),
        DocLink("给技术人员的接口文件", "/docs/supplier-protocol.openapi.json"),
    ),
    begin=(
        "供应商或仓库自己有程序员时用。把“给技术人员的接口说明”和“给技术人员的接口文件”发给他们，照着做好",
        "向他们要三样：接口地址（https:// 开头）、密钥编号、密钥",
        "点“新增应用”填进来，密钥加密保存；一家供应商一个应用",
        "点“授权”，马上用密钥试一次；通过后在供应商资料里选“接口下单”，采购单自动下单",
        "把应用右边的“消息接收地址”给他们，发货马上知道；不给也行，会定时读",
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
        push="供应商把消息发到本系统的消息接收地址",
    ),
)
