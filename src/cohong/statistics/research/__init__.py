"""The research desk's ground: choices of published figures that can be written down, downloaded, cited, saved and shared.

`choosing` reads a choice from an address and writes it as one, `tables` lays figures out, `books` tells what they mean and how to
cite them, `files` writes them for other programs, `saved` keeps choices, `open_data` offers everything that is published.
"""
