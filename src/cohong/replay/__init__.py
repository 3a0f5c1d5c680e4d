"""Replays: real trade recorded elsewhere, traded again through this platform's own acts.

A replay has two halves. The first is pure: it reads the recorded files and plans, without any database,
which trade each line asks for. The second carries the plan out through the modules' doors.
"""
