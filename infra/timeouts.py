"""Who waits how long, in seconds. The innermost answers first, so that the caller learns why:
the container, the function's call to it (`gateway.sagemaker_backend`), the function, and the
HTTP API, whose 30 are fixed."""

CONTAINER_TIMEOUT = 25
FUNCTION_TIMEOUT = 28
API_TIMEOUT = 30
WORKER_TIMEOUT = 900  # of the function that translates documents: Lambda's maximum
