"""Printing (单据打印): shipping labels, packing slips and settlement statements as PDF.

A sheet is a frozen struct (`sheets`), a typst template beside this file, and nothing in between: `typesetting` hands the
struct over as JSON, which the template reads as data. So no text that a user wrote is ever typst markup. The words on a
sheet come from the caller, in the reader's language; the font comes as a dependency.
"""
