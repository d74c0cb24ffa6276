"""Passwords that take next to no time; what the service takes is seen by tests/unit/test_passwords.py."""

from functools import partial

from argon2 import PasswordHasher

# argon2id with the least of time, memory and threads: some 50 microseconds instead of milliseconds.
QuickHasher = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
