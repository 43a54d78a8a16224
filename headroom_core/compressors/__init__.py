"""The compressors, one for each kind of payload, and what they share."""
