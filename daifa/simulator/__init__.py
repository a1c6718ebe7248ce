"""A little world of our own: a demo company whose shops and suppliers write the files that real ones write.

It keeps its own copies of headers, status words and courier codes, and imports nothing of the connectors.
"""
