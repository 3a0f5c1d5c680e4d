"""Search: finding what is on offer, however it is written.

An *index* (tantivy, BM25) follows the journal and holds what listings are found by; price, stock and whether they
are still on offer always come from the tables. What is *exact* has the words of the question; what is *forgiven* comes
close: the same sound, one wrong character, one wrong letter, pinyin, initials. Exact always comes first. A *facet*
counts what is found by one property, as if that property were not filtered.
"""
