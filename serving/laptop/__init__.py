"""The public API beside the contract, in a process that has `gateway/`."""
