// What a server has done so far.

import Foundation
import Synchronization

/// The counters of a server.
public struct ServingStatus: Codable, Hashable, Sendable {
  /// `http://127.0.0.1:8080`.
  public var address: String
  public var requests: Int
  /// Rows that were predicted.
  public var rows: Int
  /// Requests that were refused or failed.
  public var errors: Int
  public var connections: Int
  /// Milliseconds from the last byte of a request to its answer, within 4 %; nil before the first prediction.
  public var p50: Double?
  public var p99: Double?
  /// Since the server listens.
  public var seconds: Double

  private enum CodingKeys: String, CodingKey {
    case address, requests, rows, errors, connections, seconds
    case p50 = "p50_ms"
    case p99 = "p99_ms"
  }

  /// One line: `127.0.0.1:8080  1,204 requests  p50 0.21 ms  p99 0.48 ms  3 errors`.
  public var text: String {
    func grouped(_ number: Int) -> String {
      var digits = Array(String(number))
      for position in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: position) }
      return String(digits)
    }
    func counted(_ number: Int, _ noun: String) -> String { grouped(number) + " " + noun + (number == 1 ? "" : "s") }
    func shown(_ milliseconds: Double) -> String {
      String(format: milliseconds < 10 ? "%.2f ms" : "%.0f ms", milliseconds)
    }
    let host = address.split(separator: "/").last.map(String.init) ?? address
    var parts = [host, counted(requests, "request")]
    if let p50, let p99 { parts += ["p50 " + shown(p50), "p99 " + shown(p99)] }
    return (parts + [counted(errors, "error")]).joined(separator: "  ")
  }
}

/// Counts requests and their times.
final class ServingCounters: Sendable {
  private struct State {
    var requests = 0
    var rows = 0
    var errors = 0
    var times = TimeHistogram()
  }

  private let state = Mutex(State())
  let connections = Atomic<Int>(0)
  private let start = DispatchTime.now().uptimeNanoseconds

  /// - Parameter nanoseconds: nil for what is no prediction.
  func count(_ exchange: Exchange, nanoseconds: UInt64?) {
    state.withLock { state in
      state.requests += 1
      state.rows += exchange.rows
      if exchange.status >= 400 { state.errors += 1 }
      if let nanoseconds { state.times.add(nanoseconds) }
    }
  }

  func status(address: String) -> ServingStatus {
    state.withLock { state in
      ServingStatus(
        address: address, requests: state.requests, rows: state.rows, errors: state.errors,
        connections: connections.load(ordering: .relaxed), p50: state.times.quantile(0.5).map { $0 / 1e6 },
        p99: state.times.quantile(0.99).map { $0 / 1e6 },
        seconds: Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
    }
  }
}

/// Times in bins whose width grows with the time: sixteen to each doubling.
struct TimeHistogram {
  private var counts = [Int](repeating: 0, count: 64 * 16)
  private var total = 0

  mutating func add(_ nanoseconds: UInt64) {
    counts[Self.bin(nanoseconds)] += 1
    total += 1
  }

  /// Nanoseconds that a fraction of the times are at most; nil without any.
  func quantile(_ fraction: Double) -> Double? {
    guard total > 0 else { return nil }
    let wanted = max(1, Int((Double(total) * fraction).rounded(.up)))
    var seen = 0
    for (bin, count) in counts.enumerated() where count > 0 {
      seen += count
      if seen >= wanted { return (Self.low(bin) + Self.low(bin + 1)) / 2 }
    }
    return nil
  }

  private static func bin(_ value: UInt64) -> Int {
    guard value >= 16 else { return Int(value) }
    let exponent = 63 - value.leadingZeroBitCount
    return (exponent - 3) * 16 + Int((value >> (UInt64(exponent) - 4)) & 15)
  }

  private static func low(_ bin: Int) -> Double {
    guard bin >= 16 else { return Double(bin) }
    return Double(16 + bin % 16) * pow(2, Double(bin / 16 - 1))
  }
}
