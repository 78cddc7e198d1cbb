// Memory that vector instructions load from.

/// Numbers on a 64-byte boundary. The owner hands out its pointer only while it lives, and to one writer at a time.
final class AlignedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Element>
  let count: Int

  /// `count` times `value`.
  init(repeating value: Element, count: Int) {
    self.count = count
    pointer = Self.allocate(count)
    pointer.initialize(repeating: value, count: max(count, 1))
  }

  /// Room for `capacity` numbers that nobody has written yet.
  init(capacity: Int) {
    count = capacity
    pointer = Self.allocate(capacity)
  }

  /// A copy.
  convenience init(_ elements: [Element], or filler: Element) {
    self.init(repeating: filler, count: elements.count)
    elements.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { pointer.update(from: base, count: source.count) }
    }
  }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Element> {
    UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * MemoryLayout<Element>.stride, alignment: 64)
      .bindMemory(to: Element.self, capacity: max(count, 1))
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }
}
