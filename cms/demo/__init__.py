"""The demo city: fictitious enterprises and people, made through the product's own services."""
