"""The order book of a wholesaler, as in the "Online Retail" files: one CSV a day, one line per order line.

``reader``    the files, line by line, in the order of their dates
``planned``   what a line can become: a sale, a return, a stock adjustment, or a refusal with its reason
``matching``  which earlier sale a cancellation gives back
``plan``      the whole: lines in, planned trades out; and the survey that says what must be in stock before

Nothing here touches a database. The same files always give the same plan with the same keys, so whoever
carries it out can stop anywhere, start again from the first line and leave out what is already done.
"""
