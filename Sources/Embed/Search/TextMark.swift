// 128 bits that stand for a text.

import CTextKernels

/// Tells texts apart without holding them. Mixed for speed: it does not stand against texts that are made to be alike.
public struct TextMark: Hashable, Sendable {
  var low: UInt64 = 0
  var high: UInt64 = 0

  public init(_ text: String) {
    var text = text
    var parts: (UInt64, UInt64) = (0, 0)
    text.withUTF8 { bytes in
      withUnsafeMutablePointer(to: &parts) { pointer in
        pointer.withMemoryRebound(to: UInt64.self, capacity: 2) {
          assay_mark(bytes.baseAddress, Int64(bytes.count), $0)
        }
      }
    }
    (low, high) = parts
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(low) }
}

/// The sum of many bytes, taken in blocks.
struct ByteSum {
  private var lanes = [UInt64](repeating: 0, count: 8)

  var value: UInt64 { lanes.withUnsafeBufferPointer { $0.baseAddress.map { assay_sum_end($0) } ?? 0 } }

  /// Bytes after the last whole block are taken with zeros behind them.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    lanes.withUnsafeMutableBufferPointer { lanes in
      guard let lanes = lanes.baseAddress else { return }
      let blocks = bytes.count / 64
      assay_sum(lanes, base, Int64(blocks))
      guard bytes.count > blocks * 64 else { return }
      var rest = [UInt8](repeating: 0, count: 64)
      rest.withUnsafeMutableBytes { rest in
        rest.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[(blocks * 64)...]))
        if let rest = rest.baseAddress { assay_sum(lanes, rest, 1) }
      }
    }
  }
}
