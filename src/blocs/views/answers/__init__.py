"""One file per question a user can ask."""
