"""What can be wrong with webhooks' tables."""

from cohong.kernel import privacy, sets
from cohong.kernel.audit import Check, check


def audit() -> list[Check]:
    """Check that secrets open, and that deliveries tell of documents that are there and were theirs to see."""
    secrets = sets.fetch("select id, secret, old_secret from portal_webhooks_endpoint order by id")
    strangers = sets.fetch(
        "select d.id from portal_webhooks_delivery d join portal_webhooks_endpoint e on e.id = d.endpoint_id"
        " left join kernel_document k on k.id = d.document_id"
        " where d.document_id is not null and (k.id is null or not (e.party_id = k.issuer or e.party_id = any(k.visible_to)))"
        " order by d.id"
    )
    miscounted = sets.fetch(
        "select d.id from portal_webhooks_delivery d left join (select delivery_id, count(*) as n,"
        " count(*) filter (where status between 200 and 299 and failure = '') as good from portal_webhooks_attempt"
        " group by 1) a on a.delivery_id = d.id where coalesce(a.n, 0) < d.attempts_made"
        " or (d.state = 'delivered' and coalesce(a.good, 0) = 0) order by d.id"
    )
    [(count,)] = sets.fetch("select count(*) from portal_webhooks_delivery where document_id is not null")
    return [
        check(
            "webhooks.secrets_open",
            figure=len(secrets),
            findings=[
                f"endpoint {id_}"
                for id_, *tokens in secrets
                if not all(privacy.is_encrypted(token) for token in tokens if token is not None)
            ],
        ),
        check(
            "webhooks.attempts_are_counted",
            figure=int(count),
            findings=[f"delivery {id_}: its attempts say something else" for (id_,) in miscounted],
        ),
        check(
            "webhooks.told_only_who_may_see",
            figure=int(count),
            findings=[f"delivery {id_}" for (id_,) in strangers],
        ),
    ]
