"""A session as it was seen at a moment: the state that its screens had folded from the log by then,
and what the access log says of the screens, the people and the server around it. Nothing is made
up: what nobody wrote down is None.
"""
