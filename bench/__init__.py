"""Measuring: every figure is a ratio of two things that ran one after the other on this machine.

`python -m bench` (`make bench`) measures the goals of docs/performance.md. Each part runs in
rounds; in a round ours and what it is compared with take turns, in alternating order, each with a
server of its own, freshly started. Latency counts from the moment at which a request was meant to
be sent, so that a server that is behind cannot slow its own measuring down.
"""
