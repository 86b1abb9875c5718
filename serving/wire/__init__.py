"""waitress, hardened: strict HTTP/1.1, deadlines for slow clients, JSON errors, a drain."""
