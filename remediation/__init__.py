"""The rules of remediation: pure, standard library only, no clock, no input or output, no async."""
