//! Engines that live in Python.
