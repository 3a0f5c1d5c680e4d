"""SDMX 3.0: the published figures in the words that statistical offices have for each other.

`structures` says what there is (codelists, concepts, one data structure, one dataflow), `asking` reads a question out of a
request's address, `answering` writes structures and data with pysdmx's own writers, `urls` are the addresses of SDMX-REST 2.

Only what is published is here. pysdmx and pandas are slow to import, and are imported when somebody asks.
"""
