"""Stand-ins for what cannot run here, at the outermost edge."""
