"""One file a flow: parse, call the core, show."""
