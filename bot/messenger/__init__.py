"""Facebook Messenger, by Meta's published rules: what is read of it, how replies fit in it, how they are sent."""
