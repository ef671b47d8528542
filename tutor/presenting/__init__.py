"""From what the session says to what is told of it, by the app and by ``--plain`` alike: no widgets."""
