// The hash of words and n-grams that fastText files are made with.

/// FNV-1a of 32 bits whose bytes are extended with their sign, as fastText has it.
@inline(__always)
func textHash(_ bytes: some Sequence<UInt8>) -> UInt32 {
  var hash: UInt32 = 2_166_136_261
  for byte in bytes { hash = (hash ^ UInt32(bitPattern: Int32(Int8(bitPattern: byte)))) &* 16_777_619 }
  return hash
}

/// The bucket of each character n-gram of `<word>`, in fastText's order: by where it begins, then by length. A single
/// character that is only a mark of the word's edge is left out.
///
/// - Parameter visit: gets the bytes of the n-gram and its bucket.
func characterNgrams(
  of word: [UInt8], lengths: ClosedRange<Int>, buckets: Int, visit: (ArraySlice<UInt8>, Int) -> Void
) {
  let marked = [UInt8(ascii: "<")] + word + [UInt8(ascii: ">")]
  for first in marked.indices where marked[first] & 0xC0 != 0x80 {
    var end = first
    var hash: UInt32 = 2_166_136_261
    var length = 1
    while end < marked.count, length <= lengths.upperBound {
      repeat {
        hash = (hash ^ UInt32(bitPattern: Int32(Int8(bitPattern: marked[end])))) &* 16_777_619
        end += 1
      } while end < marked.count && marked[end] & 0xC0 == 0x80
      let isEdge = length == 1 && (first == 0 || end == marked.count)
      if length >= lengths.lowerBound, !isEdge { visit(marked[first..<end], Int(hash % UInt32(buckets))) }
      length += 1
    }
  }
}

/// The bucket of each run of 2 to `longest` words, from the words' hashes.
func wordNgrams(of hashes: [Int32], longest: Int, buckets: Int, visit: (Int) -> Void) {
  guard longest > 1 else { return }
  for first in hashes.indices {
    var hash = UInt64(bitPattern: Int64(hashes[first]))
    for next in (first + 1)..<max(first + 1, min(hashes.count, first + longest)) {
      hash = hash &* 116_049_371 &+ UInt64(bitPattern: Int64(hashes[next]))
      visit(Int(hash % UInt64(buckets)))
    }
  }
}
