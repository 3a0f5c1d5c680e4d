"""The ground: money, ids, time, errors, documents and their journal, jobs. It knows no business.

Unlike the rooms above, the kernel has no single door: each of its public submodules is one, because each is a
small word of its own (`kernel.money`, `kernel.ids`, `kernel.journal`, …).
"""
