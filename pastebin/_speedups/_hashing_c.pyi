from pastebin._speedups._hashing_py import ContentHash as ContentHash
from pastebin._speedups._hashing_py import hash_bytes as hash_bytes
