"""Captions of stored figures: names, values as they are printed, moves and conditions in words.

A stored document has ids and exact terms; what people read beside them follows from the scheme that
made them. Pure.
"""
