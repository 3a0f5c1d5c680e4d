"""What the platform sees of its fees, its rates, its revenue and its runs of reconciliation."""

from datetime import timedelta

import pytest

from cohong.kernel import clock, journal
from cohong.kernel.money import Money
from cohong.parties import api as parties
from cohong.payments import api as payments
from trading import Place, acting_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_fees_and_rates_are_kept_with_who_set_them_and_the_document():
    place = Place()
    platform = acting_for(parties.ensure_platform(), mandates=[parties.Mandate.PLATFORM])
    payments.set_fee(actor=platform, way="retail", basis_points=50)
    payments.set_fee(actor=platform, way="retail", basis_points=45)
    payments.set_rate(actor=platform, sell="HKD", buy="CNY", rate="0.9150")
    newest, oldest = payments.fee_history(actor=platform)
    assert [(one.basis_points, one.in_force, one.set_by_user) for one in (newest, oldest)] == [
        (45, True, platform.user_id),
        (50, False, platform.user_id),
    ]
    envelope, _, _ = journal.document(newest.document)
    assert (envelope.kind, envelope.body.basis_points) == ("payments.fees_set", 45)
    [rate] = payments.rate_history(actor=platform)
    assert (rate.sell, rate.buy, rate.rate, rate.in_force) == ("HKD", "CNY", "0.915", True)
    for stranger in (place.seller, acting_for(place.other_id, mandates=[parties.Mandate.STATISTICS])):
        for call in (
            payments.fee_history,
            payments.rate_history,
            payments.fee_balances,
            payments.reconciliations,
            payments.providers,
        ):
            with pytest.raises(parties.MandateMissing):
                call(actor=stranger)


def test_what_the_platform_earned_is_told_by_day_less_what_it_gave_back():
    place = Place()
    platform = acting_for(parties.ensure_platform(), mandates=[parties.Mandate.PLATFORM])
    [sku] = place.goods(100, fen=10_000)
    place.give(1_000_000, place.buyer_id)
    since = clock.now() - timedelta(days=1)
    order_id = place.to("settled", (sku, 2), fen=10_000)
    place.to("settled", (sku, 1), fen=10_000)
    assert payments.fee_balances(actor=platform) == [Money(180, "CNY")]
    [(_, earned)] = payments.fees_by_day(actor=platform, since=since, currency="CNY")
    assert earned == Money(180, "CNY")
    from cohong.orders import api as orders  # noqa: PLC0415

    place.send_back(order_id, orders.ReturnedLine(line_id=place.view(order_id).lines[0].id, quantity=1))
    [(_, earned)] = payments.fees_by_day(actor=platform, since=since, currency="CNY")
    assert earned == payments.fee_balances(actor=platform)[0]
    assert earned.minor < 180
    assert payments.fees_by_day(actor=platform, since=since, currency="HKD") == []
