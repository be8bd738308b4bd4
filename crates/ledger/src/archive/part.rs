//! What a chunk holds.

use miniz_oxide::{deflate::compress_to_vec, inflate::decompress_to_vec_with_limit};
use serde::{Deserialize, Serialize};

use super::MAX_CHUNK_BYTES;
use crate::{Hash, transfer::Piece, tree::Frontier};

/// Fast rather than small: what is sealed already does not shrink.
const LEVEL: u8 = 3;

/// The right edge of the Merkle tree over the records up to a position, from which it can be grown on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge(pub Frontier);

/// What a chunk holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The edge where the archive begins: its first part.
    Begin(Edge),
    /// A piece of the export.
    Piece(Piece),
    /// The edge where the archive ends: its last part.
    End(Edge),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EdgeForm {
    size: u64,
    levels: Vec<Vec<String>>,
}

impl Edge {
    fn encode(&self) -> Vec<u8> {
        let levels = self.0.levels().iter().map(|level| level.iter().map(ToString::to_string).collect());
        let form = EdgeForm { size: self.0.size(), levels: levels.collect() };
        // Numbers and texts: there is nothing in it that JSON cannot say.
        serde_json::to_vec(&form).unwrap_or_default()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let form: EdgeForm = serde_json::from_slice(bytes).ok()?;
        let hash = |text: &String| {
            let mut hash = [0; 32];
            hex::decode_to_slice(text, &mut hash).ok().map(|()| Hash(hash))
        };
        let levels = form.levels.iter().map(|level| level.iter().map(hash).collect::<Option<Vec<_>>>());
        Frontier::from_levels(form.size, levels.collect::<Option<Vec<_>>>()?).map(Self)
    }
}

impl Part {
    /// The plain content of a chunk.
    pub(super) fn encode(self) -> Vec<u8> {
        let (tag, content) = match self {
            Part::Begin(edge) => (1, edge.encode()),
            Part::Piece(piece) => (2, piece.encode()),
            Part::End(edge) => (3, edge.encode()),
        };
        let mut bytes = vec![tag];
        bytes.extend(compress_to_vec(&content, LEVEL));
        bytes
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, String> {
        let Some((tag, content)) = bytes.split_first() else { return Err("it is empty".into()) };
        let content = decompress_to_vec_with_limit(content, MAX_CHUNK_BYTES as usize)
            .map_err(|error| error.to_string())?;
        let edge = || Edge::decode(&content).ok_or_else(|| "the edge of a tree cannot be read".to_owned());
        match tag {
            1 => Ok(Part::Begin(edge()?)),
            2 => Piece::decode(&content).map(Part::Piece).map_err(|error| error.to_string()),
            3 => Ok(Part::End(edge()?)),
            _ => Err("an unknown kind of part".into()),
        }
    }
}
