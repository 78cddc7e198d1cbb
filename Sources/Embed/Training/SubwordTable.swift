// Which rows a word is the mean of.

/// Rows for words and their character n-grams. Only n-grams that occur get a row, so that the rows that are trained
/// stand close together; the buckets of a fastText file in which nothing falls are zero.
struct SubwordTable: Sendable {
  /// [words + 1] into parts.
  private(set) var starts: [Int64] = [0]
  private(set) var parts: [Int32] = []
  /// For each bucket its row, -1 where nothing falls into it.
  private(set) var rowOfBucket: [Int32]
  /// Words and buckets in use.
  private(set) var rows: Int

  init(_ words: [String], lengths: ClosedRange<Int>, buckets: Int) {
    rowOfBucket = [Int32](repeating: -1, count: buckets)
    rows = words.count
    for (number, word) in words.enumerated() {
      parts.append(Int32(number))
      characterNgrams(of: Array(word.utf8), lengths: lengths, buckets: buckets) { _, bucket in
        if rowOfBucket[bucket] < 0 {
          rowOfBucket[bucket] = Int32(rows)
          rows += 1
        }
        parts.append(rowOfBucket[bucket])
      }
      starts.append(Int64(parts.count))
    }
  }
}
