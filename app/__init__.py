"""Live monitoring of ketamine infusion sessions."""

__version__ = "0.1.0"
