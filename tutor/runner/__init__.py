"""Running programs: an asyncio client in the app, a supervisor that only forks, and confined children.

``job.py`` is what is asked and answered, ``client.py`` is the way in, ``worker/`` is the only place
that imports torch; it runs in processes of its own and is never imported by the app.
"""
