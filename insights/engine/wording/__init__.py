"""Words for problems: titles and job statements, taken from what customers said."""
