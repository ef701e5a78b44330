"""Grading: a student's notebook runs in a sandbox and hands out plain data; the verdicts are computed outside of it."""
