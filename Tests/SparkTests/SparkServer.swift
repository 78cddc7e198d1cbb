import Foundation
import ProgramDriver
import Testing

@testable import Spark

/// A server that speaks Spark Connect, for the tests of this process: the one that ASSAY_SPARK names, else Sail.
enum SparkServer {
  private static let given = ProcessInfo.processInfo.environment["ASSAY_SPARK"]

  static var isSpark: Bool { given != nil }
  static var isThere: Bool { isSpark || LocalServer.areInstalled }

  static func address() throws -> SparkAddress {
    try SparkAddress(given ?? "sc://127.0.0.1:\(LocalServer.spark.get().port)")
  }

  /// Runs what reads an answer over a line that is cut or falls silent: all of it comes, or from Sail, which does not always send the rest
  /// again, an error in its place.
  static func whole(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch SparkError.rowsLost where !isSpark {
    } catch SparkError.silent where !isSpark {
    }
  }

  static func session() throws -> SparkSession { try SparkSession(address()) }
}
