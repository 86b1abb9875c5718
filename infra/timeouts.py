"""Who waits how long, in seconds. The innermost answers first, so that the caller learns why:
the container, the function's call to it, the function, and the HTTP API, whose 30 are fixed."""

CONTAINER_TIMEOUT = 25
CALL_TIMEOUT = 27
FUNCTION_TIMEOUT = 28
API_TIMEOUT = 30
WORKER_TIMEOUT = 900  # of the function that translates documents: Lambda's most
