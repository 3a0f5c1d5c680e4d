"""`cohong verify`: an audit of a live database (审计). It changes nothing and names what is wrong.

Each module audits its own tables behind its door. What nobody else can see is checked here: the journal, whose
documents, positions, tree and heads are computed anew from the documents alone.
"""
