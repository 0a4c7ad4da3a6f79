"""What placement will announce about placements of children and the homes that take them, by aggregate."""
