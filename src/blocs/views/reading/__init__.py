"""What `blocs read` shows of an article: options, what is looked for, the page."""
