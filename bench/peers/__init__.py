"""The comparison: chat servers of others, started beside the clinic and given the same work.

Nothing here belongs to the product.
"""
