"""What leaves, to whom, and only with a yes: consents, forwardings, what is sent and how."""
