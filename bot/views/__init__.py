"""Results of the core and a language in, screens out. Pure."""
