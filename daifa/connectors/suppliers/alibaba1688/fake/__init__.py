"""1688 in the simulator's world: its gateway, OAuth page, cashier and messages over the world's suppliers."""

from daifa.connectors.suppliers.alibaba1688.fake.company import Alibaba1688
from daifa.ports.world import Fake

# What the documents leave open. Numbers that are chances are 0..1.
SWITCHES = {
    # A second call with the same outOrderId: same (the order again), second (another order), refuse.
    "duplicate": "same",
    "duplicate_code": "500_010",
    # Seconds until look-ups by reference, window or list show a new order.
    "list_lag": 3,
    # The order is made and the answer never arrives.
    "reply_lost": 0,
    # A good creation says success false, as the documents' samples do.
    "success_false": False,
    # Items without stock are left out (failedOfferList) instead of refusing the whole.
    "partial": True,
    # createCrossOrder cuts one order for each offer page.
    "cross_split": True,
    "most_per_page": 50,
    # Pictures drawn and served here, to be looked at; otherwise relative ones that nobody serves.
    "own_pictures": False,
    # 0: no limit. Counted in seconds of the world.
    "calls_per_second": 0,
    "acl_denied": ["alibaba.product.get"],
    "redirect_uris": [],
    # Sellers (S01 …) without a distribution relation, without any way to pay by API, and discounts in fen an order.
    "no_relation": [],
    "no_trade_mode": [],
    "shop_discount": {},
    # What sellers do.
    "raise_after_preview": 0.05,
    "liar_admits": 0.3,
    "reprice_unpaid": 0.1,
    "offer_expires": 0.002,
    "options_change": 0.001,
    "refund_rejects": 0.2,
    # Seconds until a parcel's number shows up.
    "bill_number_lag": 0,
    # Signed withholding: alipay, shegou. It may fail, or say that it failed though the money is gone.
    "agreements": ["alipay"],
    "pay_fails": 0,
    "pay_unclear": 0,
    # Sellers whose orders the cashier cannot pay for want of balance.
    "balance_short": [],
}

FAKE = Fake(
    "alibaba1688", "1688", "supplier", Alibaba1688, switches=SWITCHES, push_batch=1,
    push_retries=(10, 60, 300, 900, 3600), push_timeout=5.0,
)  # fmt: skip
