// Memory for rows of numbers that vector instructions load.

import Foundation

/// `rows` rows of `dimensions` numbers, each filled with zeros up to a multiple of 16, in pages that are large where the
/// system gives them. Zero at first; pages that nobody touches take no memory.
///
/// Hogwild training writes it from several threads without locks, on purpose.
public final class RowMatrix: @unchecked Sendable {
  public let rows: Int
  public let dimensions: Int
  /// Numbers from one row to the next.
  public let width: Int
  let pointer: UnsafeMutablePointer<Float>
  private let region: MappedRegion

  /// - Parameter margin: columns after the row's own that are kept for other uses.
  init(rows: Int, dimensions: Int, margin: Int = 0) throws {
    self.rows = rows
    self.dimensions = dimensions
    width = (dimensions + margin + 15) / 16 * 16
    region = try MappedRegion(bytes: max(rows, 1) * width * 4)
    pointer = region.pointer.bindMemory(to: Float.self, capacity: max(rows, 1) * width)
  }

  func row(_ number: Int) -> UnsafeMutablePointer<Float> { pointer + number * width }

  /// The numbers of a row without its filling.
  public subscript(_ number: Int) -> [Float] {
    precondition((0..<rows).contains(number), "a row of the matrix")
    return Array(UnsafeBufferPointer(start: row(number), count: dimensions))
  }

  /// Fills the rows with numbers drawn evenly from -reach ... reach.
  func fill(_ numbers: Range<Int>, reach: Float, seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    for number in numbers {
      let row = row(number)
      for column in 0..<dimensions {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        let bits = UInt32(truncatingIfNeeded: (state &* 0x2545_F491_4F6C_DD1D) >> 40)
        row[column] = (Float(bits) / 8_388_608 - 1) * reach
      }
    }
  }
}

/// Zeroed memory of its own from the system, on a boundary of 2 MiB.
final class MappedRegion: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  private let base: UnsafeMutableRawPointer
  private let size: Int

  init(bytes: Int) throws {
    let page = 1 << 21
    let rounded = (max(bytes, 1) + page - 1) / page * page
    size = rounded + page
    guard let base = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), base != MAP_FAILED
    else { throw EmbedError.unreadable(path: "memory", reason: "\(bytes >> 20) MiB are not to be had") }
    self.base = base
    let offset = (page - Int(bitPattern: base) % page) % page
    pointer = base + offset
    #if os(Linux)
      // Small regions would only waste them.
      if bytes >= page { madvise(pointer, rounded, 14 /* MADV_HUGEPAGE */) }
    #endif
  }

  deinit { munmap(base, size) }
}
