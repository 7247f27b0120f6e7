"""The mentor: what is asked of a model, what comes back, and what it costs."""
