"""Churn risk: from a table of customers to a probability with reasons."""
