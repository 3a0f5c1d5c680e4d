"""Publishing: what of the observations the public is shown, and since when.

`programme` says which figures are published and how finely; `protecting` withholds what would give a company away;
`releasing` makes a release, which pins a vintage; `selectors` shows any release exactly as it was.
"""
