"""The channels: how each one's messages come to the inbox, and how neutral replies leave the outbox."""
