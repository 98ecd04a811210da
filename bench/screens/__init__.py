"""What the board costs the computer that shows it: `make bench-screens`.

A real server, 24 infusions whose monitors send five vital signs a second, and a real Chromium with
the board open. Told are the share of time in which the page's main thread is busy, whether its heap
stays flat, how long the board takes to be usable, how much JavaScript that needs, and what one
reading repaints.
"""
