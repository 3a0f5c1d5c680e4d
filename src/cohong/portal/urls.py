"""The portal's addresses, by desk; to be mounted at the root of the site."""

from cohong.portal.account.urls import urlpatterns as account
from cohong.portal.authority.urls import urlpatterns as authority
from cohong.portal.bulletins.urls import urlpatterns as bulletins
from cohong.portal.company.urls import urlpatterns as company
from cohong.portal.datacentre.urls import urlpatterns as datacentre
from cohong.portal.design.urls import urlpatterns as design
from cohong.portal.dispatch.urls import urlpatterns as dispatch
from cohong.portal.foresight.urls import urlpatterns as foresight
from cohong.portal.market.urls import urlpatterns as market
from cohong.portal.merchant.urls import urlpatterns as merchant
from cohong.portal.my.urls import urlpatterns as my
from cohong.portal.notices.urls import urlpatterns as notices
from cohong.portal.reporting.urls import urlpatterns as reporting
from cohong.portal.research.urls import urlpatterns as research
from cohong.portal.settlement.urls import urlpatterns as settlement
from cohong.portal.staff.urls import urlpatterns as staff
from cohong.portal.webhooks.urls import urlpatterns as webhooks

app_name = "portal"
urlpatterns = [
    *account,
    *market,
    *my,
    *company,
    *merchant,
    *dispatch,
    *settlement,
    *authority,
    *reporting,
    *research,
    *foresight,
    *datacentre,
    *bulletins,
    *staff,
    *webhooks,
    *design,
    *notices,
]
