"""The REST interface under /api/v1: routes translate requests and answers; they do not judge."""
