"""The process that those which read files are copies of: imported there, and nowhere else."""

from index import reading

reading.say_nothing()  # of a copy that begins as its parent ends, Python would print a traceback
