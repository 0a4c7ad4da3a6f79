"""What the API of intake takes in, in camelCase; unknown fields are refused."""
