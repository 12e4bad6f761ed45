"""Changes of the directory's tables, named by date."""
