//! Weights of four bits: blocks of a scale (half precision) and 32 numbers from -8 to 7. The low half of byte *j* is number
//! *j*, its high half number *j* + 16.

/// Numbers of a block.
pub(crate) const BLOCK: usize = 32;

/// Bytes of a block.
pub(crate) const BLOCK_BYTES: usize = 18;

/// All numbers of these blocks; what is no whole block is left out.
pub(crate) fn all(bytes: &[u8]) -> Vec<f32> {
    let (blocks, _) = bytes.as_chunks::<BLOCK_BYTES>();
    let mut numbers = vec![0.0; blocks.len().saturating_mul(BLOCK)];
    into(bytes, &mut numbers);
    numbers
}

/// Writes the numbers of these blocks into `numbers`, as far as both go.
pub(crate) fn into(bytes: &[u8], numbers: &mut [f32]) {
    let (blocks, _) = bytes.as_chunks::<BLOCK_BYTES>();
    let (rows, _) = numbers.as_chunks_mut::<BLOCK>();
    for ([low, high, packed @ ..], row) in blocks.iter().zip(rows) {
        let scale = half(u16::from_le_bytes([*low, *high]));
        let (first, second) = row.split_at_mut(BLOCK / 2);
        for ((byte, one), other) in packed.iter().zip(first).zip(second) {
            *one = scale * (f32::from(byte & 15) - 8.0);
            *other = scale * (f32::from(byte >> 4) - 8.0);
        }
    }
}

/// Whether every scale is a number.
pub(crate) fn are_finite(bytes: &[u8]) -> bool {
    let (blocks, _) = bytes.as_chunks::<BLOCK_BYTES>();
    // All ones in the exponent: infinite, or no number.
    blocks.iter().all(|[_, high, ..]| high & 0x7C != 0x7C)
}

/// A number of half precision.
pub(crate) fn half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = ((bits >> 10) & 0x1F, f32::from(bits & 0x3FF));
    match exponent {
        0 => sign * fraction * 2.0_f32.powi(-24),
        31 if fraction == 0.0 => sign * f32::INFINITY,
        31 => f32::NAN,
        exponent => sign * (1024.0 + fraction) * 2.0_f32.powi(i32::from(exponent) - 25),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_precision_is_read_as_it_is_written() {
        for (bits, number) in [
            (0x0000, 0.0),
            (0x0001, 5.960_464_5e-8),
            (0x03FF, 6.097_555e-5),
            (0x0400, 6.103_515_6e-5),
            (0x3555, 0.333_251_95),
            (0x3C00, 1.0),
            (0xC000, -2.0),
            (0x7BFF, 65_504.0),
            (0xFC00, f32::NEG_INFINITY),
        ] {
            assert_eq!(half(bits).to_bits(), f32::to_bits(number), "{bits:x}");
        }
        assert!(half(0x7E00).is_nan());
    }

    #[test]
    fn a_block_holds_its_low_halves_first() {
        let mut block = vec![0x00, 0x3C];
        block.extend((0..16_u8).map(|number| number | (15 - number) << 4));
        let numbers = all(&block);
        let expected: Vec<f32> =
            (0..16_i8).chain((0..16).rev()).map(|number| f32::from(number) - 8.0).collect();
        assert_eq!(numbers, expected);
        assert!(are_finite(&block));
        block[1] = 0x7C;
        assert!(!are_finite(&block));
    }
}
