"""Direct reporting (联网直报): what is owed, filled in, checked, signed for, reviewed, and kept in every version."""
