"""MNIST: archive reads and verifies its files, download fetches them, search finds one. `datasets` is the front."""
