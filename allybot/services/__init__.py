"""One use case = one function = one transaction. `now` is always a parameter."""
