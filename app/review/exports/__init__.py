"""A record as files: PDF, HTML and tables for spreadsheets. Each is made of a Record and nothing
else, so that they say the same; the PDF and the HTML page are two printings of one Document.
"""
