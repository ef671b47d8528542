"""Helping authors: skeletons of exercises, drafts from notebooks, the reference of the format.

``skeleton``  a commented file for each kind of answer (`tutor new`)
``notebook``  reading .ipynb files
``history``   which earlier lines a cell depends on
``replay``    running a cell and comparing with what the notebook recorded
``literals``  numbers of a program that are worth varying
``edits``     standard edits of a program, each a misconception
``draft``     an exercise from a replayed cell
``importing`` all of these over a whole notebook (`tutor import`)
``reference`` the tables of docs/authoring.md
"""
