"""Pages on paper: plans, findings and dossiers as PDF, in the reader's language.

`printing.pdf` makes any HTML of ours into a PDF. It must stay cheap to import: see press.py.
"""
