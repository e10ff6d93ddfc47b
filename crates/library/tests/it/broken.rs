//! Broken documents: each gives a clear, located error and nothing else goes wrong.
