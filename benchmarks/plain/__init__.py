"""What we compare with: Flask, gunicorn and nginx."""
