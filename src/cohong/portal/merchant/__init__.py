"""The seller's desk: orders to ship, returns to decide, goods on offer."""
