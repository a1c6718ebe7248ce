"""What the public documents do not say about Douyin, each with the assumption that is made until somebody knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SWITCHES: Mapping[str, Any] = {
    # Demand the canonical parameter text (sorted keys, no blanks, nothing escaped without need) besides a right sign.
    "strict": False,
    # Where the application wants merchants sent back to, when the link does not say ("" = the code is shown).
    "app_callback": "",
    # How far the timestamp may be off, seconds.
    "timestamp_skew": 600,
    # Calls of one method in one second of the world before 60000; 0 = never by itself.
    "throttle_calls": 0,
    # Longest search window, seconds; 0 = none is known.
    "search_window_most": 0,
    # Seconds until the search shows an order that was made or changed.
    "list_lag": 0,
    # Whether this application may decrypt at all (its code runs in the platform's cloud).
    "decrypt": "allowed",
    "decrypt_quota_a_day": 5000,
    "virtual_hours": 24,
    # How a cipher without index begins: the API page shows "#", order samples show "##".
    "cipher_without_index": "##",
    # Province ids: two digits in real data, six in the official sample.
    "province_digits": 2,
    # A refresh that repeats a renewed refresh_token: "same" gives the new pair again, "invalid" refuses.
    "refresh_again": "same",
    # Two refreshes of one token within so many seconds meet 31012.
    "refresh_collision": 2,
    # "string" (SDK sources) or "object" (official samples); "msg_id" or "msgId".
    "push_data": "string",
    "push_id": "msg_id",
    # After every so many messages one with a tag nobody knows; 0 = never.
    "push_unknown_every": 40,
    # A presale whose deposit alone is paid: its order_status (1, 105 or 2), and whether order_phase_list names the
    # phases that are not open yet ("all") or only those that were ("opened").
    "presale_deposit_status": 1,
    "presale_phases": "all",
    # How an agreed day later than usual is told: "appointment" (appointment_ship_time) or "exp" (exp_ship_time alone).
    "presale_day": "appointment",
    # The refusal numbers nobody has written down.
    "ship_again_code": "60045",
    "ship_unready_code": "60046",
    # Whether the merchant has set its default addresses (60072, 60027).
    "return_address_missing": False,
    "ship_address_missing": False,
    # Which push says that a factory assignment was cancelled.
    "iop_cancel_tag": "502",
    # Official iop samples still use the old envelope.
    "iop_old_envelope": False,
    # How many labels a factory may give back before 88888.
    "factory_cancels_most": 10,
    # Factories act by themselves: they return a number some hours after the assignment.
    "factory_auto": True,
    # Days from the end of an order to its settlement, and the share of rows that show up a day late.
    "settle_days": 3,
    "settle_late": 0.05,
    "service_fee_percent": 5,
    "talent_percent": 15,
    # A change to an item on sale goes to review first.
    "online_review_minutes": 30,
}
