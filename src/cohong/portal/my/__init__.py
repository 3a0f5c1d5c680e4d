"""My desk: signing in, the cart, the checkout, paying, and the buyer's orders."""
