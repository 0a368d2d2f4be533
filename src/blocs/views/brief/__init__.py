"""The brief: its record, and what it says on a terminal and on its page."""
