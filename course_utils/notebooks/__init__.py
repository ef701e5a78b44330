"""The course's notebooks: read from their sources, executed, traced to what made them, and handed out to students."""
