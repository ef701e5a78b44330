"""The Python environment of the course: which Python it needs, what the lock asks for, how packages are installed.

Standard library, syntax of Python 3.9: `setup` and `doctor` need this room before anything is installed.
"""
