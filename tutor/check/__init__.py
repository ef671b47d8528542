"""`tutor check`: what has to be true of every exercise, proved by running it.

``prove``   all proofs about one exercise, over its seeds
``apart``   whether two values can be told apart with a margin
``records`` results recorded earlier, to see drift between torch versions
``cache``   what was proved already and has not changed since
``run``     many exercises at once, through the real runner
"""
