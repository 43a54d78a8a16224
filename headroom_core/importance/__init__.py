"""What the reader of a view needs of a payload, by what its prompt says already."""
