"""The worker's side: a supervisor that imports torch and forks, and its confined children."""
