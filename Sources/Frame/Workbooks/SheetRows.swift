import Foundation

/// Rows of cells on their way: kept in a temporary file in a form of their own, and then written as delimited text.
struct SheetRows {
  private let writer: ScratchFile.Writer
  private let name: String
  private var buffer: [UInt8] = []
  private static let piece = 1 << 20

  init(name: String) throws {
    self.name = name
    writer = try ScratchFile.Writer(name: name)
  }

  /// A row is its number of cells; a cell its column, the length of its text, and the text.
  mutating func append(_ given: [SheetCell]) throws {
    let isSorted = zip(given, given.dropFirst()).allSatisfy { $0.column < $1.column }
    let cells = isSorted ? given : given.sorted { $0.column < $1.column }
    put(cells.count)
    for cell in cells {
      put(cell.column)
      put(cell.text.count)
      buffer.append(contentsOf: cell.text)
    }
    if buffer.count >= Self.piece {
      try writer.write(buffer)
      buffer.removeAll(keepingCapacity: true)
    }
  }

  private mutating func put(_ number: Int) {
    for shift in [0, 8, 16, 24] { buffer.append(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  /// All rows as comma-separated text below a header.
  /// - Returns: the file, and the length of its longest record in bytes.
  mutating func delimited(
    _ names: [String], _ places: [Int], _ check: () throws -> Void
  ) throws -> (file: InputFile, longest: Int) {
    try writer.write(buffer)
    buffer = []
    let rows = writer.finish()
    let target = try ScratchFile.Writer(name: name)
    var position = [Int](repeating: -1, count: (places.last ?? 0) + 1)
    for (index, place) in places.enumerated() { position[place] = index }
    var (output, longest): ([UInt8], Int) = ([], 0)
    func end(_ from: Int) throws {
      output.append(0x0A)
      longest = max(longest, output.count - from)
      guard output.count >= Self.piece else { return }
      try check()
      try target.write(output)
      output.removeAll(keepingCapacity: true)
    }
    for (index, name) in names.enumerated() {
      if index > 0 { output.append(0x2C) }
      Self.quote(Array(name.utf8)[...], into: &output)
    }
    try end(0)
    var reader = PieceReader(rows)
    while let count = try reader.number() {
      let from = output.count
      var (written, last) = (0, -1)
      for _ in 0..<count {
        guard let column = try reader.number(), let length = try reader.number() else { break }
        let text = try reader.bytes(length)
        // Of two cells with one address, which no spreadsheet writes, the first counts.
        let place = position[column]
        guard place > last else { continue }
        last = place
        while written < place {
          output.append(0x2C)
          written += 1
        }
        Self.quote(text, into: &output)
      }
      while written < places.count - 1 {
        output.append(0x2C)
        written += 1
      }
      try end(from)
    }
    try target.write(output)
    return (target.finish(), longest)
  }

  private static func quote(_ text: ArraySlice<UInt8>, into output: inout [UInt8]) {
    guard text.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) || text.first == 0x20 else {
      output.append(contentsOf: text)
      return
    }
    output.append(0x22)
    for byte in text {
      if byte == 0x22 { output.append(0x22) }
      output.append(byte)
    }
    output.append(0x22)
  }
}

/// Reads a file from its beginning in large pieces.
private struct PieceReader {
  private let file: InputFile
  private var piece: [UInt8] = []
  private var position = 0
  private var offset = 0

  init(_ file: InputFile) { self.file = file }

  /// Four bytes as a number; nil at the end.
  mutating func number() throws -> Int? {
    let found = try bytes(4)
    guard found.count == 4 else { return nil }
    return found.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// Fewer at the end.
  mutating func bytes(_ count: Int) throws -> ArraySlice<UInt8> {
    if piece.count - position < count {
      let rest = Array(piece[position...])
      let more = try file.read(at: offset, count: max(1 << 20, count))
      offset += more.count
      piece = rest + more
      position = 0
    }
    let end = min(piece.count, position + count)
    defer { position = end }
    return piece[position..<end]
  }
}
