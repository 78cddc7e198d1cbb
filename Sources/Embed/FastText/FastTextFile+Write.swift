// Trained models as files of fastText's format 12.

extension TrainedVectors {
  /// Writes a file that fastText reads. Buckets into which nothing fell are zero.
  /// - Precondition: the mode is not GloVe's.
  public func writeFastText(to path: String) throws {
    guard let outputs else {
      throw EmbedError.option(
        name: "mode", value: options.mode.rawValue, allowed: "a mode that fastText has, for a .bin")
    }
    try writeModel(
      to: path, FastTextArguments(options, usesBuckets: subwords != nil),
      words: zip(vocabulary.words, vocabulary.counts).map { ($0, $1) }, labels: [], tokens: vocabulary.total,
      inputs, rowOfBucket: subwords?.rowOfBucket ?? [], outputs)
  }
}

extension TrainedClassifier {
  /// Writes a file that fastText reads.
  public func writeFastText(to path: String) throws {
    try writeModel(
      to: path, FastTextArguments(options, usesBuckets: table.usesBuckets),
      words: zip(table.words, table.wordCounts).map { ($0, $1) },
      labels: zip(table.labels, table.labelCounts).map { ($0, $1) }, tokens: table.tokens, inputs,
      rowOfBucket: table.rowOfBucket, outputs)
  }
}

/// Of how many buckets at most one has a row, for the rows to be written one by one.
private let sparseness = 50

private func writeModel(
  to path: String, _ arguments: FastTextArguments, words: [(String, Int)], labels: [(String, Int)], tokens: Int,
  _ inputs: RowMatrix, rowOfBucket: [Int32], _ outputs: RowMatrix
) throws {
  let writer = try ByteWriter(path)
  try writer.write(FastTextArguments.magic)
  try writer.write(FastTextArguments.version)
  for number in arguments.numbers { try writer.write(number) }
  try writer.write(arguments.t)

  try writer.write(Int32(words.count + labels.count))
  try writer.write(Int32(words.count))
  try writer.write(Int32(labels.count))
  try writer.write(Int64(tokens))
  try writer.write(Int64(-1))
  for (entries, kind) in [(words, Int8(0)), (labels, Int8(1))] {
    for (text, count) in entries {
      try writer.write(text)
      try writer.write(UInt8(0))
      try writer.write(Int64(count))
      try writer.write(kind)
    }
  }
  let bytes = inputs.dimensions * 4
  try writer.write(false)
  try writer.write(Int64(words.count + rowOfBucket.count))
  try writer.write(Int64(inputs.dimensions))
  for number in words.indices { try writer.write(raw: inputs.row(number), count: bytes) }
  if rowOfBucket.count(where: { $0 >= 0 }) < rowOfBucket.count / sparseness {
    let first = try writer.skip(rowOfBucket.count * bytes)
    for (bucket, row) in rowOfBucket.enumerated() where row >= 0 {
      try writer.write(raw: inputs.row(Int(row)), count: bytes, at: first + bucket * bytes)
    }
  } else {
    let zeros = AlignedVector([], width: inputs.width)
    for row in rowOfBucket {
      try writer.write(raw: row < 0 ? zeros.pointer : inputs.row(Int(row)), count: bytes)
    }
  }
  try writer.write(false)
  try writer.write(Int64(outputs.rows))
  try writer.write(Int64(outputs.dimensions))
  for number in 0..<outputs.rows { try writer.write(raw: outputs.row(number), count: bytes) }
  try writer.finish()
}
