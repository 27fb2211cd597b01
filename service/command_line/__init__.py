"""The commands of `mendwork`, in groups; service/cli.py puts them together."""
