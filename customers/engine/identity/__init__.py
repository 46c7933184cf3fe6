"""Identity: which rows of several systems are one company."""
