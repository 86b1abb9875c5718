"""The cloud: Pulumi components and the stack's typed settings. Imports nothing else of ours."""
