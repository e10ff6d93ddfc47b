//! Laws that hold for every document and subject, tried on generated ones.
