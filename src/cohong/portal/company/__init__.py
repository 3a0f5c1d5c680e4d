"""The company's purchasing: who orders and up to how much, what has to be approved, and what was spent."""
