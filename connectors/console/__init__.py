"""The console of the professionals: their cases, and the hotline."""
