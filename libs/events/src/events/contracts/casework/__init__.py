"""What casework will announce about cases, children in care and their families, by aggregate."""
