"""What pip installs. Everything else lies in it as `_program`, see `commands`."""
