"""The desk of accounts (结算): balances, money in and out through the bank, and monthly settlement statements."""
