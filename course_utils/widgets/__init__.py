"""The course's widgets: a folder for each, its Python, JavaScript and CSS together."""
