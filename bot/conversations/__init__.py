"""What is kept of conversations: what people sent, what waits to be taken by their channel, and the state of the dialogue.

Everything of a conversation hangs from one row and goes with it.
"""
