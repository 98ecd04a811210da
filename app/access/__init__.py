"""Who may do what: roles, sign-ins, tokens, and the log of who saw what."""
