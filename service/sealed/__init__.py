"""Sealed dossiers: a finding, a plan or a factory in one file that can be checked without Mendwork.

`making` writes one, `archive` packs it, `signing` seals it, `verifier` checks it offline and stands alone.
"""
