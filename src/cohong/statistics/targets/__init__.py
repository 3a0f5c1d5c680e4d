"""Plan targets: where an indicator starts, where it has to be by when, and the path between.

`rules` are pure: the path, progress, needed growth, standing, contributions. `setting` has the acts of the programme office; each
change is a document and a version of its own, so that what was aimed at when can be shown again. `plans` reads plans from data.
"""
