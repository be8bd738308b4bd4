//! The layers: attention, then a step forward, twelve times in the model that the crate is made for.

use ndarray::{Array1, Array2, ArrayViewMut1, Axis, Slice, concatenate};

use crate::{
    blocks,
    fault::Fault,
    file::{Head, Sizes},
};

/// A product with weights, and a sum.
struct Linear {
    /// One row for each number that goes in.
    weights: Array2<f32>,
    bias: Array1<f32>,
}

impl Linear {
    fn read(head: &Head, bytes: &[u8], name: &str, (to, from): (usize, usize)) -> Result<Self, Fault> {
        let weights = head.weights(bytes, &format!("{name}.w"), (to, from))?;
        let bias = head.row(bytes, &format!("{name}.b"), to)?;
        Ok(Self { weights: weights.t().as_standard_layout().into_owned(), bias })
    }

    /// Several that take the same numbers, as one.
    fn joined(parts: &[Self]) -> Result<Self, Fault> {
        let odd = |error: ndarray::ShapeError| Fault::damaged("a layer", error.to_string());
        let weights: Vec<_> = parts.iter().map(|part| part.weights.view()).collect();
        let bias: Vec<_> = parts.iter().map(|part| part.bias.view()).collect();
        Ok(Self {
            weights: concatenate(Axis(1), &weights).map_err(odd)?.as_standard_layout().into_owned(),
            bias: concatenate(Axis(0), &bias).map_err(odd)?,
        })
    }

    fn of(&self, numbers: &Array2<f32>) -> Array2<f32> {
        numbers.dot(&self.weights) + &self.bias
    }
}

/// Brings each row to mean 0 and deviation 1, then to what was learned.
struct Norm {
    scale: Array1<f32>,
    shift: Array1<f32>,
}

impl Norm {
    fn read(head: &Head, bytes: &[u8], name: &str) -> Result<Self, Fault> {
        let count = head.sizes.hidden;
        Ok(Self {
            scale: head.row(bytes, &format!("{name}.w"), count)?,
            shift: head.row(bytes, &format!("{name}.b"), count)?,
        })
    }

    fn apply(&self, mut row: ArrayViewMut1<'_, f32>, epsilon: f32) {
        let mean = row.mean().unwrap_or_default();
        row -= mean;
        let square = row.dot(&row) / self.width();
        row /= (square + epsilon).sqrt();
        row *= &self.scale;
        row += &self.shift;
    }

    fn width(&self) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "some hundred")]
        let width = self.scale.len() as f32;
        width
    }

    fn apply_to_rows(&self, rows: &mut Array2<f32>, epsilon: f32) {
        rows.rows_mut().into_iter().for_each(|row| self.apply(row, epsilon));
    }
}

struct Layer {
    /// Query, key and value side by side.
    looks: Linear,
    attended: Linear,
    after_attention: Norm,
    widened: Linear,
    narrowed: Linear,
    after_all: Norm,
}

impl Layer {
    fn read(head: &Head, bytes: &[u8], number: usize) -> Result<Self, Fault> {
        let Sizes { hidden, forward, .. } = head.sizes;
        let linear = |part: &str, shape| Linear::read(head, bytes, &format!("l{number}.{part}"), shape);
        let norm = |part: &str| Norm::read(head, bytes, &format!("l{number}.{part}"));
        let square = (hidden, hidden);
        Ok(Self {
            looks: Linear::joined(&[linear("q", square)?, linear("k", square)?, linear("v", square)?])?,
            attended: linear("ao", square)?,
            after_attention: norm("aln")?,
            widened: linear("fi", (forward, hidden))?,
            narrowed: linear("fo", (hidden, forward))?,
            after_all: norm("oln")?,
        })
    }

    fn of(&self, mut rows: Array2<f32>, sizes: &Sizes) -> Array2<f32> {
        let attention = attention(&self.looks.of(&rows), sizes);
        rows += &self.attended.of(&attention);
        self.after_attention.apply_to_rows(&mut rows, sizes.epsilon);
        let mut wide = self.widened.of(&rows);
        wide.mapv_inplace(gelu);
        rows += &self.narrowed.of(&wide);
        self.after_all.apply_to_rows(&mut rows, sizes.epsilon);
        rows
    }
}

/// What each token takes from the others: per head, the mean of their values by how well query and key agree.
fn attention(looks: &Array2<f32>, sizes: &Sizes) -> Array2<f32> {
    let Sizes { hidden, heads, .. } = *sizes;
    let width = hidden / heads.max(1);
    #[expect(clippy::cast_precision_loss, reason = "some ten")]
    let sharp = 1.0 / (width as f32).sqrt();
    let mut taken = Array2::zeros((looks.nrows(), hidden));
    for head in 0..heads {
        let part = |nth: usize| {
            let start = nth.saturating_mul(hidden).saturating_add(head.saturating_mul(width));
            looks.slice_axis(Axis(1), Slice::from(start..start.saturating_add(width)))
        };
        let mut agree = part(0).dot(&part(1).t());
        for mut row in agree.rows_mut() {
            row *= sharp;
            let most = row.fold(f32::NEG_INFINITY, |most, number| most.max(*number));
            row.mapv_inplace(|number| (number - most).exp());
            let sum = row.sum();
            row /= sum;
        }
        let start = head.saturating_mul(width);
        let place = Slice::from(start..start.saturating_add(width));
        taken.slice_axis_mut(Axis(1), place).assign(&agree.dot(&part(2)));
    }
    taken
}

/// `x · Φ(x)`, with the error function by formula 7.1.28 of Abramowitz and Stegun (within 3·10⁻⁷): no exponential, so that
/// the processor takes several at a time.
fn gelu(number: f32) -> f32 {
    let size = number.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let sum = [4.306_38e-5, 2.765_672e-4, 1.520_143e-4, 9.270_527e-3, 4.228_201e-2, 7.052_308e-2]
        .into_iter()
        .fold(0.0_f32, |sum, part| sum * size + part);
    let sum = sum * size + 1.0;
    let (two, four) = (sum * sum, sum * sum * sum * sum);
    let sixteen = four * four * two * two * four;
    let error = (1.0 - 1.0 / sixteen).copysign(number);
    0.5 * number * (1.0 + error)
}

/// Everything after the vocabulary.
pub(crate) struct Encoder {
    /// Of each position with the only type that is used.
    positions: Array2<f32>,
    first: Norm,
    layers: Vec<Layer>,
}

impl Encoder {
    pub(crate) fn read(head: &Head, bytes: &[u8]) -> Result<Self, Fault> {
        let Sizes { hidden, positions, types, layers, .. } = head.sizes;
        let mut positions = head.rows(bytes, "emb.pos", (positions, hidden))?;
        let types = head.rows(bytes, "emb.type", (types, hidden))?;
        positions += &types.row(0);
        let layers = (0..layers).map(|number| Layer::read(head, bytes, number)).collect::<Result<_, _>>()?;
        Ok(Self { positions, first: Norm::read(head, bytes, "emb.ln")?, layers })
    }

    /// The mean of what the last layer says of each token. `words` holds one packed row for each piece of the vocabulary.
    pub(crate) fn mean(&self, tokens: &[usize], words: &[u8], sizes: &Sizes) -> Array1<f32> {
        let bytes = sizes.hidden / blocks::BLOCK * blocks::BLOCK_BYTES;
        let mut rows = Array2::<f32>::zeros((tokens.len(), sizes.hidden));
        for ((token, mut row), position) in tokens.iter().zip(rows.rows_mut()).zip(self.positions.rows()) {
            let start = token.saturating_mul(bytes);
            let packed = words.get(start..start.saturating_add(bytes)).unwrap_or_default();
            if let Some(row) = row.as_slice_mut() {
                blocks::into(packed, row);
            }
            row += &position;
            self.first.apply(row, sizes.epsilon);
        }
        for layer in &self.layers {
            rows = layer.of(rows, sizes);
        }
        rows.mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(sizes.hidden))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gelu_is_that_of_the_tables() {
        for (number, expected) in [
            (0.0, 0.0),
            (1.0, 0.841_344_7),
            (-1.0, -0.158_655_3),
            (2.5, 2.484_476),
            (-0.1, -0.046_017_2),
            (40.0, 40.0),
            (-40.0, 0.0),
        ] {
            assert!((gelu(number) - expected).abs() < 1e-5, "{number}: {}", gelu(number));
        }
    }
}
