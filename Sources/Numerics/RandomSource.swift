// A seeded random generator that can be split. Same seed, same numbers, on every platform and for any number of threads.
// Not for cryptography.
//
// The generator is xoshiro256** 1.0, its state filled by SplitMix64 (Blackman and Vigna, "Scrambled linear pseudorandom
// number generators", 2021, doi:10.1145/3460772; Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
// 2014, doi:10.1145/2660193).

/// SplitMix64: spreads a seed over 64-bit words. Good for seeding, and for hashing a counter into a number.
public struct SplitMix64: RandomNumberGenerator, Sendable, Hashable {
  private var state: UInt64

  /// A generator whose first word depends on all bits of `seed`.
  public init(seed: UInt64) { state = seed }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

/// A seeded generator with independent children by name or by number.
///
/// Parallel or optional parts of a computation each take a child, so that one part that draws more numbers changes nothing
/// in the others.
public struct RandomSource: RandomNumberGenerator, Sendable, Hashable {
  private let seed: UInt64
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  /// The generator of `seed`.
  public init(seed: UInt64) {
    var words = SplitMix64(seed: seed)
    self.seed = seed
    s0 = words.next()
    s1 = words.next()
    s2 = words.next()
    s3 = words.next()
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let result = Self.rotate(s1 &* 5, 7) &* 9
    let shifted = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = Self.rotate(s3, 45)
    return result
  }

  /// The child with this number. It depends on the seed and the number alone, not on how many words were drawn.
  public func split(_ index: UInt64) -> RandomSource {
    var words = SplitMix64(seed: seed ^ 0x6A09_E667_F3BC_C909)
    var child = SplitMix64(seed: words.next() ^ index)
    return RandomSource(seed: child.next())
  }

  /// The child with this name (FNV-1a of its UTF-8 bytes).
  public func split(_ name: String) -> RandomSource {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
    return split(hash)
  }

  @inline(__always)
  private static func rotate(_ word: UInt64, _ bits: UInt64) -> UInt64 { (word << bits) | (word >> (64 - bits)) }
}
