"""Simulated citizens: how many questions, and what is found, before anybody is bothered."""
