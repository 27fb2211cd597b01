"""Plain pages, rendered here and usable without scripts: findings, one finding, sign-in, the API's verbs."""
