"""What fills the terminal: one file a screen, a folder where it has several parts."""
