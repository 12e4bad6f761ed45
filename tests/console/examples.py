"""What the matrix puts in the addresses of the routes: for each endpoint with a variable part, the values of an example.

A feature adds its lines. The values need not exist: what counts is who is let through. `FORMS` holds what is sent to those that change
something, where an empty form would not do.
"""

VALUES: dict[str, dict[str, object]] = {
    "static": {"filename": "console.css"},
}
FORMS: dict[str, dict[str, str]] = {}
