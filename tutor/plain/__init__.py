"""`tutor review --plain`: a whole session, line by line, for screen readers, dumb terminals and pipes."""
