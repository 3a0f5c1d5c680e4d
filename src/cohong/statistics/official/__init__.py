"""Official figures (官方数据): what other authorities publish, entered with where it stands, corrected by a new version.

`stating` has the act of the province's office, `reading` shows figures with their history, `table` makes of them what
indicators are computed from, `lists` reads them from a file.
"""
