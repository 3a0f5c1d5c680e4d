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
            "webhooks.told_only_who_may_see",
            figure=int(count),
            findings=[f"delivery {id_}" for (id_,) in strangers],
        ),
    ]
