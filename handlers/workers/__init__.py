"""Worker processes for engines that hold Python's lock, or belong to one thread."""
