"""Photographs of our own: drawn with a fixed seed, captioned as the agencies do. For demo, tests, benchmarks."""
