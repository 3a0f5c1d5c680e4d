"""Statistics: what the region's trade comes to, and what is said of it in public.

A *fact* is one line of one trade, written from the journal into columnar files. A *reporting unit* is a platform or
an enterprise in the register (名录库); it files *reports*: filled-in *forms*. An *indicator* is a definition, as data, with
a formula over facts, reports and other indicators. An *observation* is an indicator's value for a period, a region and an
industry, of a *vintage*: what is revised gets a new vintage, and the old one stays. What is published passes *disclosure
control*. A *target* is what the plan wants of an indicator; a *forecast* is what is to be expected of it; an *alarm* says
that it moved oddly.
"""
