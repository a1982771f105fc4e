"""The scenes: each a function from a seeded `random.Random` to a picture, named for what it shows."""
