"""The addresses of the authorities' and the platform's desks, and of the journal explorer."""

from django.urls import path

from cohong.portal.authority import deciding, explorer, files, finding, holding, registering, running, trades

urlpatterns = [
    path("authority/", finding.find, name="authority"),
    path("authority/phone/", finding.find_phone, name="authority_phone"),
    path("authority/waybills/<str:number>/", finding.waybill, name="authority_waybill"),
    path("authority/parties/<uuid:party_id>/", files.party, name="authority_party"),
    path("authority/parties/<uuid:party_id>/personal/", files.personal, name="authority_personal"),
    path("authority/parties/<uuid:party_id>/orders/", files.party_orders, name="authority_party_orders"),
    path(
        "authority/parties/<uuid:party_id>/listings/", files.party_listings, name="authority_party_listings"
    ),
    path("authority/parties/<uuid:party_id>/vouch/", registering.vouch, name="authority_vouch"),
    path("authority/parties/<uuid:party_id>/ask/", registering.ask_register, name="authority_ask_register"),
    path("authority/users/<uuid:user_id>/", files.user, name="authority_user"),
    path("authority/orders/<uuid:order_id>/", trades.order, name="authority_order"),
    path("authority/orders/<uuid:order_id>/address/", trades.order_address, name="authority_order_address"),
    path("authority/orders/<uuid:order_id>/evidence/", trades.evidence, name="authority_evidence"),
    path(
        "authority/orders/<uuid:order_id>/evidence/file/",
        trades.evidence_file,
        name="authority_evidence_file",
    ),
    path("authority/listings/<uuid:listing_id>/", trades.listing, name="authority_listing"),
    path("authority/holds/", holding.holds, name="authority_holds"),
    path("authority/holds/listings/", holding.hold_listings, name="authority_hold_listings"),
    path("authority/holds/<str:kind>/<uuid:target_id>/", holding.hold, name="authority_hold"),
    path("authority/holds/<str:kind>/<uuid:hold_id>/lift/", holding.lift, name="authority_lift"),
    path("authority/disputes/", deciding.disputes, name="authority_disputes"),
    path("authority/disputes/<uuid:dispute_id>/", deciding.dispute, name="authority_dispute"),
    path("authority/registration/", registering.registration, name="authority_registration"),
    path("authority/authorities/", registering.authorities, name="authority_authorities"),
    path("authority/authorities/new/", registering.register_authority, name="authority_new_authority"),
    path("authority/authorities/<uuid:party_id>/mandate/", registering.mandate, name="authority_mandate"),
    path("authority/reasons/", registering.reasons, name="authority_reasons"),
    path("authority/markets/", registering.markets, name="authority_markets"),
    path("authority/fees/", running.fees, name="authority_fees"),
    path("authority/parameters/", running.platform_parameters, name="authority_parameters"),
    path("authority/money/", running.money, name="authority_money"),
    path("authority/money/reconcile/", running.reconcile, name="authority_reconcile"),
    path("authority/health/", running.health, name="authority_health"),
    path("authority/health/jobs/<int:job_id>/", running.retry, name="authority_retry"),
    path("authority/record/", running.record, name="authority_record"),
    path("journal/", explorer.journal_documents, name="journal"),
    path("journal/heads/", explorer.journal_heads, name="journal_heads"),
    path("journal/figures/", explorer.journal_figures, name="journal_figures"),
    path("journal/check/", explorer.journal_check, name="journal_check"),
    path("journal/documents/<uuid:document_id>/", explorer.journal_document, name="journal_document"),
    path(
        "journal/documents/<uuid:document_id>/canonical/",
        explorer.journal_canonical,
        name="journal_canonical",
    ),
]
