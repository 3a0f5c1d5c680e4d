"""Forecasts (预测): what is to be expected of a series, how far off it may be, and how far off it was.

A *member* is one model that forecasts alone; the *ensemble* combines them. A *band* is where a value is to be expected with
a given chance. The modules that compute (`ensemble`, `members`, `local_trend`, `seasonal`, `holidays`, `measures`) are pure: no
database, no clock. They import heavy libraries, so whoever is imported at the server's start imports them when needed.
"""
