"""Everything that is kept: engine, tables, repositories, migrations and the bundled content."""
