"""A whole directory from one file: programmes, factories, people, roles and committee seats."""
