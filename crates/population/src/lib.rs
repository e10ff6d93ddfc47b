//! Many subjects of one kind, in columns.
