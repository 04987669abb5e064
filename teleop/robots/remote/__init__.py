"""A robot behind a socket: the door for a vendor's SDK, and for simulators of another environment.

`robot` is our side, `server` the other one, `protocol` what travels between them, `sockets` how it
is kept from strangers. The other side needs Python 3.11, msgspec, pyzmq and numpy, nothing else.
"""
