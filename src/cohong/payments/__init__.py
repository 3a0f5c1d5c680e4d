"""Money: the ledger, escrow, fees, payouts and refunds, and the providers that move it in the world outside."""
