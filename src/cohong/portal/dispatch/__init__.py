"""The seller's desk for what leaves and what comes back: orders to ship, labels, the pick-up counter, returns, sales lists."""
