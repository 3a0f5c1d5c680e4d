"""Money: the double-entry ledger, escrow, and the providers through which money comes in and goes out.

An *account* holds money of one owner in one currency. A *transfer* moves an amount from its debit account to
its credit account, at once (*posted*) or first reserved (*pending*) and later posted or *voided*. *Escrow*
(担保交易) is the account of an order: what it holds belongs to nobody until the goods are accepted. A
*movement* is money that crosses the platform's border through a *provider* (a bank or a payment institution):
a payment, a top-up, a payout, a return.
"""
