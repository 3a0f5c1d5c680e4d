"""What only the merchant's desk's templates say."""
