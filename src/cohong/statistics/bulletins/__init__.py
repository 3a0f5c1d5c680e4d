"""The monthly bulletin (统计月报): what a release says of a month, in words, tables and figures to be drawn.

`figures` reads what was published, `numbers` writes it as people of a language do, `writing` chooses the sentences. Nothing
is read but what a release shows, so nothing that is withheld can be said; the same release always gives the same bulletin.
"""
