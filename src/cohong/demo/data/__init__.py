"""The tables the demo region is made from. All of it is invented or common knowledge."""
