"""The roof: settings, assembly, web and worker processes, commands, logs. Builds everything; nobody imports it."""
