"""Who answers whom, how fast: self-exciting events between states."""
