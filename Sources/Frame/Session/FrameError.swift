import Foundation

/// What went wrong with data: what failed, where, and what to do about it.
public struct FrameError: Error, Hashable, Sendable, CustomStringConvertible, LocalizedError {
  /// What kind of failure it is, with the figures that belong to it.
  public enum Problem: Hashable, Sendable {
    case notFound, isFolder, notReadable, empty, binary, nulBytes, unsupportedFormat, changedWhileOpen
    case wrongFieldCount(found: Int, expected: Int)
    case unreadableValue(type: String, value: String)
    case encoding, malformed, cellTooLarge
    case diskFull, outOfMemory, notWritable
    case noSuchColumn, noSuchSheet
    case query, interrupted
  }

  public var problem: Problem
  /// The file or stream, as the user named it.
  public var location: String?
  /// Counted from 1, the header included.
  public var line: Int?
  public var column: String?
  /// A clause that says what failed, without a full stop.
  public var what: String
  /// A sentence that says what to do, or nil where there is nothing.
  public var advice: String?

  public init(
    _ problem: Problem, location: String? = nil, line: Int? = nil, column: String? = nil, what: String,
    advice: String? = nil
  ) {
    self.problem = problem
    self.location = location
    self.line = line
    self.column = column
    self.what = what
    self.advice = advice
  }

  /// `sales.csv, line 17: 3 fields found, 4 expected. Leave such rows out with --skip-bad-rows (key s).`
  public var description: String {
    let place = [location, line.map { "line \($0)" }, column.map { "column \($0)" }].compactMap { $0 }
    let head = place.isEmpty ? what : place.joined(separator: ", ") + ": " + what
    return head + "." + (advice.map { " " + $0 } ?? "")
  }

  public var errorDescription: String? { description }
}
