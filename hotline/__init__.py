"""The spoken door. For now only the numbers; calls come with the hotline itself."""
