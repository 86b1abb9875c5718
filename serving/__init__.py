"""The inference server: SageMaker's contract, the text pipeline, the plugins."""
