"""What the service itself adds to a model's mistakes: in pieces, lost, falsely or not flagged."""
