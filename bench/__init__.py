"""Speed against peers and limits: `make bench`.

`rows` says what is compared with what, `ways` does each of it in a process of its own, `page` writes what came out.
"""
