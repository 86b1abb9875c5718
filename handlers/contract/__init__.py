"""What plugins and the server agree on. Import it through `handlers`."""
