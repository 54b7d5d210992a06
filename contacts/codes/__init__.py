"""The code lists of the contact record: versioned data with Finnish, Swedish and English labels."""
