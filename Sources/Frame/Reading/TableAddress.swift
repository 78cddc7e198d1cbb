import Jobs

/// `spark:sales.orders`: a table of a cluster, by its name there. Parts that hold other signs than letters, digits and
/// underscores stand in backquotes, so that files are named as Spark names them: ``spark:parquet.`/data/orders` ``.
public struct TableAddress: Hashable, Sendable, CustomStringConvertible {
  public let parts: [String]

  private static let scheme = "spark:"

  /// True for what begins with `spark:`.
  public static func isMeant(by text: String) -> Bool { text.lowercased().hasPrefix(scheme) }

  /// - Throws: `ClusterError.badName`.
  public init(_ text: String) throws {
    guard Self.isMeant(by: text) else { throw ClusterError.badName(text) }
    var rest = text.dropFirst(Self.scheme.count)
    if rest.hasPrefix("//") { rest = rest.dropFirst(2) }
    var parts = [""]
    var (isQuoted, last): (Bool, Character?) = (false, nil)
    for character in rest {
      switch character {
      case "`":
        isQuoted.toggle()
        // Two within quotes are one that is meant.
        if isQuoted, last == "`" { parts[parts.count - 1].append(character) }
      case "." where !isQuoted: parts.append("")
      default: parts[parts.count - 1].append(character)
      }
      last = character
    }
    guard !isQuoted, parts.allSatisfy({ !$0.isEmpty }) else { throw ClusterError.badName(text) }
    self.parts = parts
  }

  /// Quoted, as a query of the cluster names it.
  public var sql: String { parts.map(Self.quoted).joined(separator: ".") }

  /// A name in the quotes of Spark.
  public static func quoted(_ name: String) -> String { "`" + name.replacing("`", with: "``") + "`" }

  /// A name as a part of an address, in quotes where it needs them.
  public static func part(_ name: String) -> String {
    name.allSatisfy { $0 == "_" || $0.isLetter || $0.isNumber } ? name : quoted(name)
  }

  /// As it can be read again.
  public var description: String { Self.scheme + parts.map(Self.part).joined(separator: ".") }
}

/// What can be wrong with a table on a cluster before the cluster is asked.
public enum ClusterError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A text that names no table.
  case badName(String)
  /// Nobody has said where the cluster is.
  case noCluster(String)
  /// More rows than are brought here unasked: how many, and how many are.
  case tooManyRows(String, rows: Int, limit: Int)

  public var description: String {
    switch self {
    case .badName(let text):
      "\(text) names no table of a cluster: write spark:TABLE or spark:DATABASE.TABLE, with other signs in backquotes."
    case .noCluster(let text):
      "\(text) is a table of a cluster, and nobody has said where that is: set ASSAY_SPARK=sc://HOST:PORT, or spark in "
        + "config.toml."
    case .tooManyRows(let name, let rows, let limit):
      "\(name) has \(rows.grouped) rows on the cluster, and at most \(limit.grouped) are brought here unasked. Let the cluster do it (assay "
        + "flow run --on, or a step that it can say), bring a sample or all of them into a file (assay bring, Bring rows here), "
        + "or raise ASSAY_SPARK_ROWS."
    }
  }
}

/// A cluster that is asked for rows. What speaks to it stands above.
public protocol ClusterReader: Sendable {
  /// Where it is, without secrets, such as `sc://localhost:15002`.
  var place: String { get }

  /// Rows that are brought here unasked.
  var rowLimit: Int { get }

  /// The rows of a SELECT in the cluster's own SQL, while they come.
  func rows(of sql: String, context: any JobContext) throws -> any ArrowSource
}
