"""Side-by-side measurements; `make bench` runs them, `docs/performance.md` shows them."""
