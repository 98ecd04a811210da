"""Use cases, one function per verb: each builds what the scribe runs, or asks the reader."""
