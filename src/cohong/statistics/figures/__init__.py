"""Published figures for whoever asks: chosen by indicator, place and time (`selecting`), and never anything else.

The research desk, open data, the HTTP interface and SDMX all read here, so that all of them say the same.
"""
