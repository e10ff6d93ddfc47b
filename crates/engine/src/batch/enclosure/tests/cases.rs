//! What must be certain, case by case.
