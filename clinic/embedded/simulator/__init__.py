"""The local payment and message gateway: real protocols, own keys, no money.

Knows nothing of the clinic and imports no Django; the clinic knows it only as base URLs.
"""
