"""The door to the house: registering, signing in and out, one's own account, and whom one acts for.

What concerns a person's way in (passwords, codes, second factors, passkeys, sessions) is django-allauth's; its pages are
filled here, in the portal's frame and words. Users and parties are made by `parties`, as everywhere.
"""
