"""Backup, restore and verification of a whole database, SQLite or PostgreSQL.

An archive is a zip file: a member for each table, with a line for each row, a JSON list, in the
order of its key; and a manifest. It is the same whichever database it was made from, and can be
restored into either. Every table's rows are counted and hashed, and the manifest is signed with
the log key, so that an archive that was changed is refused. The log key itself is never in it.
"""
