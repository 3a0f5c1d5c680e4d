"""The desk of settlement (结算): balances, money in and out through the bank, and monthly settlement statements."""
