"""The rights of people over their conversations, what was deleted, and the register of incidents."""
