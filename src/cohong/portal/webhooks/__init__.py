"""Webhooks (事件推送): tell systems what notices tell people.

It follows the journal. Each document that a party may see and asked for is delivered to the party's endpoint: the document's
canonical envelope as the body, its id as the idempotency id, signed after the Standard Webhooks specification (HMAC-SHA256
over id, time and body). Delivered at least once, in order per subject, with bounded retries; every attempt is kept in a log.
"""
