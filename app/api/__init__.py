"""HTTP and the socket's door: parse, call one service, answer.

Promises: every error is a problem (RFC 9457) with a stable code and never shows what was sent; no
body is read past the limit;
no page of another origin writes here; answers are what the services made, byte for byte.
"""
