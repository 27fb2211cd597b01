"""The service: HTTP, pages, command line, and the processes that run the engine."""
