"""The authorities' and the platform's desks, and the journal explorer that everyone may use."""
