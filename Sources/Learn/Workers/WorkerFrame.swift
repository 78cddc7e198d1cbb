// What a training and its workers say to one another: a byte for the kind, eight for the length, and that many bytes.

import Foundation
import Numerics

/// One message.
struct WorkerFrame: Sendable, Equatable {
  enum Kind: UInt8, Sendable {
    // From a worker.
    /// Who it is (`WorkerGreeting`).
    case greeting = 1
    /// Where its part of LightGBM's network listens (`WorkerPlace`).
    case ready
    case joined
    /// After each tree: 1 where no further one can be grown, and the score as 8 bytes, NaN where it has no rows for one.
    case grown
    case model
    /// Text.
    case failed
    case alive
    // To a worker.
    /// 32 bytes that prove that the token is known.
    case proof = 64
    /// What it will be given (`WorkerTask`).
    case task
    case bins
    /// Rows to learn from, and rows to judge by: numbers of 8 bytes, row after row.
    case rows
    case judgedRows
    /// Numbers of 4 bytes.
    case labels
    case weights
    case judgedLabels
    case judgedWeights
    /// LightGBM's list of machines.
    case join
    case grow
    /// Rounds as 8 bytes; ends the work.
    case finish
    case ping
  }

  let kind: Kind
  let body: [UInt8]

  init(_ kind: Kind, _ body: [UInt8] = []) { (self.kind, self.body) = (kind, body) }

  init(_ kind: Kind, json: some Encodable) throws { self.init(kind, Array(try JSONEncoder().encode(json))) }

  init<Number>(_ kind: Kind, numbers: [Number]) { self.init(kind, numbers.withUnsafeBytes { Array($0) }) }

  static let headerSize = 9
  /// Bytes of a message at most.
  static let limit = 1 << 30

  var header: [UInt8] {
    [kind.rawValue] + withUnsafeBytes(of: UInt64(body.count).littleEndian) { Array($0) }
  }

  /// What a header says; nil for what no worker would send.
  static func read(header: ArraySlice<UInt8>) -> (kind: Kind, length: Int)? {
    let length = header.dropFirst().reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let kind = header.first.flatMap(Kind.init), length <= UInt64(limit) else { return nil }
    return (kind, Int(length))
  }

  func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: Data(body))
  }

  /// The numbers of the body.
  func numbers<Number: BitwiseCopyable>(_ type: Number.Type) -> [Number] {
    let size = MemoryLayout<Number>.size
    return body.withUnsafeBytes { bytes in
      (0..<bytes.count / size).map { bytes.loadUnaligned(fromByteOffset: $0 * size, as: type) }
    }
  }
}

/// The first words of a worker.
struct WorkerGreeting: Codable, Equatable {
  static let current = "assay worker 1"

  var version = Self.current
  /// What the proof has to be made over; empty where no token is asked for.
  var challenge: [UInt8]
}

/// What a worker is given to learn.
struct WorkerTask: Codable, Equatable {
  var parameters: String
  var features: Int
  var rows: Int
  /// Rows to judge by; 0 for a worker that judges nothing.
  var judgedRows: Int
  var hasWeights: Bool
  var hasJudgedWeights: Bool
  var classes: Int
  /// Threads to grow with; nil for one a processor.
  var threads: Int?
  var workers: Int
}

/// Where a worker's part of the network listens.
struct WorkerPlace: Codable, Equatable {
  var host: String
  var port: Int
  /// How many threads it grows with.
  var threads: Int
}

/// The proof of a token for a challenge.
func workerProof(_ token: String, challenge: [UInt8]) -> [UInt8] {
  MessageAuthentication.code(for: Array("assay worker".utf8) + challenge, key: Array(token.utf8))
}
