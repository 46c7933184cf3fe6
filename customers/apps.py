"""Who asks: accounts, contacts, their states over time, churn risk."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"
