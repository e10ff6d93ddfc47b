//! The Merkle tree over all entries, as RFC 6962 (Certificate Transparency) defines it, with the chain's own hash.
//!
//! A head needs only the peaks, the complete subtrees from left to right; an export needs whole paths.

use super::hash::{Algorithm, Digest};

/// The leaf of an entry.
pub fn leaf(algorithm: Algorithm, entry: Digest) -> Digest {
    algorithm.hash(&[&[0][..], &entry.0].concat())
}

fn node(algorithm: Algorithm, left: Digest, right: Digest) -> Digest {
    algorithm.hash(&[&[1][..], &left.0, &right.0].concat())
}

/// The complete subtrees of a tree that grows, the largest first: one for each binary one in its size.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Peaks {
    size: u64,
    digests: Vec<Digest>,
}

impl Peaks {
    /// Of a tree of that size; `None` if there are more or fewer peaks than it has.
    pub fn read(size: u64, bytes: &[u8]) -> Option<Self> {
        let digests: Vec<Digest> = bytes.as_chunks::<32>().0.iter().map(|bytes| Digest(*bytes)).collect();
        let fits = bytes.len() == 32 * digests.len() && digests.len() == size.count_ones() as usize;
        fits.then_some(Self { size, digests })
    }

    /// As [`Peaks::read`] reads them.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.digests.iter().flat_map(|digest| digest.0).collect()
    }

    /// One more entry.
    pub fn add(&mut self, algorithm: Algorithm, entry: Digest) {
        let mut grown = leaf(algorithm, entry);
        for _ in 0..self.size.trailing_ones() {
            let left = self.digests.pop().expect("there is a peak for each binary one of the size");
            grown = node(algorithm, left, grown);
        }
        self.digests.push(grown);
        self.size += 1;
    }

    /// The peaks of what lies behind the last full block.
    fn within_block(&self) -> Self {
        Self { size: self.size % BLOCK, digests: self.digests[self.of_blocks().len()..].to_vec() }
    }

    /// The peaks over full blocks.
    fn of_blocks(&self) -> &[Digest] {
        &self.digests[..(self.size / BLOCK).count_ones() as usize]
    }

    /// The root of the tree.
    pub fn root(&self, algorithm: Algorithm) -> Digest {
        let mut peaks = self.digests.iter().rev().copied();
        match peaks.next() {
            None => algorithm.hash(&[]),
            Some(last) => peaks.fold(last, |right, left| node(algorithm, left, right)),
        }
    }
}

/// A tree in memory, some 66 bytes an entry. What lies before a checkpoint is known by its peaks alone, and more is never
/// asked of it: a path from a later leaf passes complete subtrees there.
pub struct Tree {
    algorithm: Algorithm,
    /// Complete subtrees of 1, 2, 4, … leaves; those inside of peaks are not known.
    levels: Vec<Vec<Option<Digest>>>,
}

impl Tree {
    /// Over the hashes of the entries behind these peaks.
    pub fn new(algorithm: Algorithm, before: &Peaks, entries: &[Digest]) -> Self {
        let known = usize::try_from(before.size).expect("as many entries as memory can count");
        let leaves = entries.iter().map(|entry| leaf(algorithm, *entry));
        Self::over(algorithm, known, &before.digests, leaves)
    }

    /// Over the lowest nodes behind so many that are known by their peaks alone.
    fn over(
        algorithm: Algorithm,
        known: usize,
        peaks: &[Digest],
        nodes: impl Iterator<Item = Digest>,
    ) -> Self {
        let mut levels = vec![std::iter::repeat_n(None, known).chain(nodes.map(Some)).collect::<Vec<_>>()];
        while let Some(below) = levels.last().filter(|below| below.len() > 1) {
            let above = std::iter::repeat_n(None, below.len() / 2).collect();
            levels.push(above);
        }
        let mut start = 0;
        let sizes = (0..levels.len()).rev().filter(|level| known >> level & 1 == 1);
        for (level, peak) in sizes.zip(peaks) {
            levels[level][start >> level] = Some(*peak);
            start += 1 << level;
        }
        for level in 1..levels.len() {
            for index in 0..levels[level].len() {
                if let (None, Some(left), Some(right)) =
                    (levels[level][index], levels[level - 1][2 * index], levels[level - 1][2 * index + 1])
                {
                    levels[level][index] = Some(node(algorithm, left, right));
                }
            }
        }
        Self { algorithm, levels }
    }

    /// The root of the tree; `None` if it has no leaves.
    pub fn root(&self) -> Option<Digest> {
        self.range(0, self.levels[0].len())
    }

    /// The digests that lead from one leaf to the root, the nearest first. `None` for a leaf that is not known.
    pub fn path(&self, index: usize) -> Option<Vec<Digest>> {
        let mut path = Vec::new();
        let (mut start, mut length) = (0, self.levels[0].len());
        while length > 1 {
            let left = length.next_power_of_two() / 2;
            if index - start < left {
                path.push(self.range(start + left, length - left)?);
                length = left;
            } else {
                path.push(self.range(start, left)?);
                (start, length) = (start + left, length - left);
            }
        }
        path.reverse();
        Some(path)
    }

    /// The digest over `length` leaves; `start` is a multiple of the power of two at or above it.
    fn range(&self, start: usize, length: usize) -> Option<Digest> {
        if length == 0 {
            return None;
        }
        if length.is_power_of_two() {
            return self.levels[length.trailing_zeros() as usize][start / length];
        }
        let left = length.next_power_of_two() / 2;
        Some(node(self.algorithm, self.range(start, left)?, self.range(start + left, length - left)?))
    }
}

/// Leaves of a block of [`Blocks`].
pub const BLOCK: u64 = 1 << 10;

/// A tree whose leaves are forgotten block by block: 64 bytes are kept for each block of 1,024 leaves, and whoever wants the
/// path of a leaf brings its block again. Since trees are split at powers of two, the roots of the blocks are the lowest
/// nodes of a tree of the same form, also where the last block is not full.
pub struct Blocks {
    algorithm: Algorithm,
    /// What is known before the first entry.
    before: Peaks,
    /// The block that grows.
    growing: Peaks,
    roots: Vec<Digest>,
    upper: Option<Tree>,
}

impl Blocks {
    /// Behind the entries that are known by their peaks alone.
    pub fn new(algorithm: Algorithm, before: &Peaks) -> Self {
        let growing = before.within_block();
        Self { algorithm, before: before.clone(), growing, roots: Vec::new(), upper: None }
    }

    /// One more entry.
    pub fn add(&mut self, entry: Digest) {
        self.growing.add(self.algorithm, entry);
        if self.growing.size == BLOCK {
            self.roots.push(self.growing.root(self.algorithm));
            self.growing = Peaks::default();
        }
    }

    /// After the last entry: the root of the whole.
    pub fn finish(&mut self) -> Option<Digest> {
        let mut roots = std::mem::take(&mut self.roots);
        if self.growing.size > 0 {
            roots.push(self.growing.root(self.algorithm));
        }
        let blocks = usize::try_from(self.before.size / BLOCK).expect("as many blocks as memory can count");
        let tree = Tree::over(self.algorithm, blocks, self.before.of_blocks(), roots.into_iter());
        let root = tree.root();
        self.upper = Some(tree);
        root
    }

    /// The paths of a block's entries, of which these are the ones that are not known by peaks alone.
    pub fn paths(&self, block: u64, entries: &[Digest]) -> BlockPaths<'_> {
        let is_first = block == self.before.size / BLOCK;
        let known = if is_first { self.before.within_block() } else { Peaks::default() };
        BlockPaths { above: self, block, within: Tree::new(self.algorithm, &known, entries) }
    }
}

/// The paths of one block.
pub struct BlockPaths<'a> {
    above: &'a Blocks,
    block: u64,
    within: Tree,
}

impl BlockPaths<'_> {
    /// As [`Tree::path`] gives it, for a leaf of the whole tree.
    pub fn path(&self, index: u64) -> Option<Vec<Digest>> {
        let block = usize::try_from(self.block).ok()?;
        let mut path = self.within.path(usize::try_from(index % BLOCK).ok()?)?;
        path.extend(self.above.upper.as_ref()?.path(block)?);
        Some(path)
    }
}

/// Whether a path leads from an entry at a place (from 0) to the root of a tree of that size: RFC 9162, 2.1.3.2.
pub fn is_included(
    algorithm: Algorithm,
    entry: Digest,
    index: u64,
    size: u64,
    path: &[Digest],
    root: Digest,
) -> bool {
    if index >= size {
        return false;
    }
    let (mut here, mut last) = (index, size - 1);
    let mut digest = leaf(algorithm, entry);
    for beside in path {
        if last == 0 {
            return false;
        }
        if here & 1 == 1 || here == last {
            digest = node(algorithm, *beside, digest);
            let skipped = if here & 1 == 0 { here.trailing_zeros().min(63) } else { 0 };
            (here, last) = (here >> skipped, last >> skipped);
        } else {
            digest = node(algorithm, digest, *beside);
        }
        (here, last) = (here >> 1, last >> 1);
    }
    last == 0 && digest == root
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(count: u8) -> Vec<Digest> {
        (0..count).map(|number| Digest([number; 32])).collect()
    }

    /// The definition of RFC 6962, 2.1, word for word.
    fn root_by_definition(algorithm: Algorithm, entries: &[Digest]) -> Digest {
        match entries {
            [] => algorithm.hash(&[]),
            [one] => leaf(algorithm, *one),
            many => {
                let left = many.len().next_power_of_two() / 2;
                node(
                    algorithm,
                    root_by_definition(algorithm, &many[..left]),
                    root_by_definition(algorithm, &many[left..]),
                )
            }
        }
    }

    #[test]
    fn peaks_and_paths_agree_with_the_definition_at_every_size() {
        for algorithm in Algorithm::ALL {
            let mut peaks = Peaks::default();
            for size in 0..=70 {
                let entries = entries(size);
                let root = root_by_definition(algorithm, &entries);
                assert_eq!(peaks.root(algorithm), root, "{size}");
                assert_eq!(Peaks::read(u64::from(size), &peaks.to_bytes()).as_ref(), Some(&peaks));
                let tree = Tree::new(algorithm, &Peaks::default(), &entries);
                assert_eq!(tree.root(), (size > 0).then_some(root));
                for (index, entry) in entries.iter().enumerate() {
                    let path = tree.path(index).unwrap();
                    let holds = |index, size, entry| is_included(algorithm, entry, index, size, &path, root);
                    assert!(holds(index as u64, u64::from(size), *entry), "{index} of {size}");
                    assert!(!holds(index as u64, u64::from(size), Digest([255; 32])));
                    assert!(!holds(index as u64 + 1, u64::from(size), *entry));
                    assert!(!holds(u64::from(size), u64::from(size), *entry));
                }
                peaks.add(algorithm, Digest([size; 32]));
            }
        }
    }

    #[test]
    fn a_tree_behind_a_checkpoint_gives_the_paths_of_the_whole_one() {
        let algorithm = Algorithm::Sha256;
        for size in 1..=40 {
            let entries = entries(size);
            let whole = Tree::new(algorithm, &Peaks::default(), &entries);
            let mut peaks = Peaks::default();
            for known in 0..entries.len() {
                let rest = Tree::new(algorithm, &peaks, &entries[known..]);
                assert_eq!(rest.root(), whole.root(), "{known} of {size}");
                for index in known..entries.len() {
                    assert_eq!(rest.path(index), whole.path(index), "{index} behind {known} of {size}");
                }
                peaks.add(algorithm, entries[known]);
            }
        }
    }

    #[test]
    fn blocks_give_the_root_and_the_paths_of_the_tree_in_memory() {
        let algorithm = Algorithm::Sha256;
        let entry = |number: u64| algorithm.hash(&number.to_be_bytes());
        for size in [1, 5, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 700, 5 * BLOCK, 7 * BLOCK + 3] {
            let entries: Vec<Digest> = (0..size).map(entry).collect();
            let whole = Tree::new(algorithm, &Peaks::default(), &entries);
            for known in [0, 1, 777, BLOCK - 1, BLOCK, BLOCK + 5, 3 * BLOCK + 1_000, 6 * BLOCK + 1] {
                if known >= size {
                    continue;
                }
                let mut peaks = Peaks::default();
                (0..known).for_each(|number| peaks.add(algorithm, entry(number)));
                let mut blocks = Blocks::new(algorithm, &peaks);
                (known..size).for_each(|number| blocks.add(entry(number)));
                assert_eq!(blocks.finish(), whole.root(), "{known} of {size}");
                for index in [known, known + 1, (known + size) / 2, size - 1] {
                    if index >= size {
                        continue;
                    }
                    let block = index / BLOCK;
                    let start = (block * BLOCK).max(known) as usize;
                    let end = ((block + 1) * BLOCK).min(size) as usize;
                    let paths = blocks.paths(block, &entries[start..end]);
                    assert_eq!(
                        paths.path(index),
                        whole.path(index as usize),
                        "{index} behind {known} of {size}"
                    );
                }
            }
        }
    }

    #[test]
    fn peaks_of_another_size_are_refused() {
        let mut peaks = Peaks::default();
        peaks.add(Algorithm::Sha256, Digest([1; 32]));
        assert!(Peaks::read(2, &peaks.to_bytes()).is_some(), "two has one peak as well");
        assert!(Peaks::read(3, &peaks.to_bytes()).is_none());
        assert!(Peaks::read(1, &peaks.to_bytes()[1..]).is_none());
    }
}
