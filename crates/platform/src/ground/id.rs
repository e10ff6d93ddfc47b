//! Ids: one type for each kind of record, in the form of UUID version 7, so that later ones sort later.

/// Makes the type of a record's id.
macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// A new one.
            pub fn new(now: $crate::ground::Moment, chance: &dyn $crate::ground::Chance) -> Self {
                let ms = u64::try_from(now.0).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(ms, &chance.bytes()).into_uuid())
            }

            /// Its bytes; they sort as ids do.
            #[allow(dead_code, reason = "not every kind of id is kept by the thousand")]
            pub fn to_bytes(&self) -> [u8; 16] {
                self.0.into_bytes()
            }

            /// The id of these bytes.
            #[allow(dead_code, reason = "not every kind of id is kept by the thousand")]
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(uuid::Uuid::from_bytes(bytes))
            }

            /// Reads what [`std::fmt::Display`] writes, and nothing else.
            pub fn parse(text: &str) -> Option<Self> {
                let id = Self(uuid::Uuid::try_parse(text).ok()?);
                (id.to_string() == text).then_some(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }
    };
}

pub(crate) use id_type;
