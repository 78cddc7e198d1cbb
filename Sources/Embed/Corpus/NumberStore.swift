// The words of a corpus as numbers: in memory, and beyond a limit in a file that is mapped.

import Foundation

/// Numbers that are appended and then read many times.
final class NumberStore: @unchecked Sendable {
  /// Bytes that are held in memory; more go to a nameless file in the temporary folder.
  static let defaultLimit = 1 << 30

  private(set) var pointer: UnsafeMutablePointer<Int32>
  private(set) var count = 0
  private var capacity: Int
  private var file: SpillFile?
  private let limit: Int

  init(limit: Int = NumberStore.defaultLimit) throws {
    self.limit = limit
    capacity = 1 << 16
    pointer = try Self.map(capacity, -1)
  }

  deinit { munmap(pointer, capacity * 4) }

  private static func map(_ capacity: Int, _ descriptor: Int32) throws -> UnsafeMutablePointer<Int32> {
    let kind = descriptor < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED
    guard let base = mmap(nil, capacity * 4, PROT_READ | PROT_WRITE, kind, descriptor, 0), base != MAP_FAILED else {
      throw EmbedError.unreadable(path: "memory", reason: String(cString: strerror(errno)))
    }
    return base.bindMemory(to: Int32.self, capacity: capacity)
  }

  /// Makes room for more numbers.
  func reserve(_ more: Int) throws {
    guard count + more > capacity else { return }
    let larger = max(capacity * 2, count + more)
    if larger <= limit / 4 {
      let target = try Self.map(larger, -1)
      memcpy(target, pointer, count * 4)
      munmap(pointer, capacity * 4)
      (pointer, capacity) = (target, larger)
      return
    }
    let isNew = file == nil
    let target = try file ?? SpillFile()
    file = target
    guard ftruncate(target.number, off_t(larger * 4)) == 0 else {
      throw EmbedError.unwritable(path: NSTemporaryDirectory(), reason: String(cString: strerror(errno)))
    }
    let mapped = try Self.map(larger, target.number)
    if isNew { memcpy(mapped, pointer, count * 4) }
    munmap(pointer, capacity * 4)
    (pointer, capacity) = (mapped, larger)
  }

  /// Room must have been reserved.
  @inline(__always) func append(_ number: Int32) {
    pointer[count] = number
    count &+= 1
  }

  func shrink(to count: Int) { self.count = count }
}
