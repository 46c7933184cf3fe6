"""Pure arithmetic over accounts: numpy and scikit-learn, no framework."""
