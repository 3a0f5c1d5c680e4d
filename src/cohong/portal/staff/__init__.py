"""The desk of staff: who acts for a company in which roles, what each role may do, and its keys to the HTTP interface."""
