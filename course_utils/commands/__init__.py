"""The commands of `python -m course_utils`, one module each: `add_arguments(parser)` and `main(options)`."""
