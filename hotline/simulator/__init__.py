"""A telephone network in this process: the demo's, the tests', and nobody else's.

It carries out the documents we answer with, asks our webhooks like the real provider (the whole set of fields, signed),
answers the REST requests we make, and can be told to be late, to say things twice, out of order, or never. It dials nobody:
its phones are objects. Start reading at `network`; `scenario` is how tests and the command speak to it.
"""
