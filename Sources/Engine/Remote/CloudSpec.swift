/// What can be asked of S3, of the Glue catalogue and of Athena.
public enum CloudSpec: Codable, Sendable, Equatable {
  /// One part of what is in a place.
  case list(CloudPlace, next: String?)
  /// How many objects are below a place, and how many bytes.
  case measure(CloudPlace)
  /// Deletes all below a place.
  /// - counted: what a person has agreed to; anything else that is there now stops it. Nil does not look.
  case delete(CloudPlace, counted: CloudAmount?, isDryRun: Bool)
  /// Reads an object into a file, or all below a prefix into a folder.
  case download(CloudPlace, path: String)
  /// Writes a file to an object below a prefix, or a folder's files to as many.
  case upload(path: String, CloudPlace, replaces: Bool)
  /// Runs SQL on Athena: emits `.athenaProgress`.
  case athena(AthenaQuery)
  /// What the tables of a query hold, which is the most that it can read.
  case estimate(AthenaQuery)
  /// The tables of a database, with their columns.
  case catalogue(database: String)
  /// The queries that were run from here.
  case history
  /// The rows of a step as SQL for Athena.
  case statement(NodeRequest)
  /// Writes the rows of a step below a prefix, and a table of the catalogue over them.
  case publish(CatalogPublication)

  var title: String {
    switch self {
    case .list(let place, _): "list \(place.address)"
    case .measure(let place): "count \(place.address)"
    case .delete(let place, _, let isDryRun): "\(isDryRun ? "plan to delete" : "delete") \(place.address)"
    case .download(let place, _): "download \(place.address)"
    case .athena(let query): "Athena: \(query.sql.split(whereSeparator: \.isWhitespace).joined(separator: " "))"
    case .estimate: "what a query would read"
    case .catalogue(let database): "read the catalogue of \(database)"
    case .history: "read the history of Athena"
    case .statement(let request): "SQL of \(request.title)"
    case .publish(let publication): "write \(publication.location)"
    case .upload(let path, let place, _): "upload \(path.split(separator: "/").last ?? "") to \(place.address)"
    }
  }

  /// Whether a person asked for it by name.
  var isListed: Bool {
    switch self {
    case .list, .catalogue, .history, .statement: false
    case .measure, .delete, .download, .upload, .athena, .estimate, .publish: true
    }
  }

  /// Whether more than a look is lost when it is stopped.
  public var makesSomething: Bool {
    switch self {
    case .list, .measure, .estimate, .catalogue, .history, .statement: false
    case .delete(_, _, let isDryRun): !isDryRun
    case .download, .upload, .athena, .publish: true
    }
  }
}

/// What came of it.
public enum CloudAnswer: Sendable, Equatable {
  case listed(CloudListing)
  /// A listing that was refused.
  case refused(CloudRefusal)
  case measured(CloudAmount)
  case deleted(CloudAmount)
  /// The calls that would have been made.
  case planned([String])
  case downloaded(CloudAmount, path: String)
  case uploaded(CloudAmount)
  case athenaProgress(AthenaProgress)
  case athena(AthenaOutcome)
  case estimated(AthenaEstimate)
  case catalogue(database: String, [CatalogTable])
  /// Newest first.
  case history([AthenaRecord])
  case statement(String)
  case published(table: String, rows: Int, objects: Int)
}
