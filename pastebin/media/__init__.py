"""What kind of file some bytes are, and what that means for showing them."""
