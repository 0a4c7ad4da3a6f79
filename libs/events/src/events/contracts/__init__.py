"""The public events of each service: thin, versioned, additive, free of confidential fields."""
