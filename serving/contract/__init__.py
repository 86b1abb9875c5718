"""SageMaker's HTTP contract as a WSGI app: probes, bodies, answers, the log's line."""
