"""Rules that a stack keeps, as a Pulumi policy pack: docs/security.md."""
