"""Request bodies in the words of the forms, and how each becomes a form with private texts."""
