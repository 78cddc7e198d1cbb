import Engine

/// What is known of S3 and of the Glue catalogue: a tree that grows where a person opens it.
public struct CloudTree: Sendable {
  /// What is known of one place.
  struct Branch: Sendable, Equatable {
    var isOpen = true
    var entries: [CloudEntry] = []
    /// Asks for the part after the entries.
    var next: String?
    /// False until the first part is there.
    var isListed = false
    var request: RequestID?
    var refusal: CloudRefusal?

    /// Nobody lies about a number: with a `+` while there is more.
    var count: String {
      isListed ? Number.grouped(entries.count) + (next == nil ? "" : "+") : ""
    }
  }

  /// Whether the tree stands below the files: somebody named credentials, or asked for it.
  public var isShown = false
  /// Who asks, and where.
  public var account: CloudAccount?
  var branches: [CloudPlace: Branch] = [:]

  public init() {}

  static let roots: [CloudPlace] = [.buckets, .databases]
}

/// What a line of the tree is.
enum CloudLine: Sendable, Equatable {
  case root(CloudPlace)
  case entry(CloudEntry, within: CloudPlace)
  /// There is more than what is listed.
  case more(CloudPlace)
  case waiting(CloudPlace)
  case refusal(CloudPlace, CloudRefusal)
  case nothing(CloudPlace)

  /// The place whose branch opens and closes here.
  var branch: CloudPlace? {
    switch self {
    case .root(let place): place
    case .entry(let entry, _): entry.hasMore ? entry.place : nil
    case .more, .waiting, .refusal, .nothing: nil
    }
  }

  /// The place that lists this line; nil for a root.
  var parent: CloudPlace? {
    switch self {
    case .root: nil
    case .entry(_, let place), .more(let place), .waiting(let place), .refusal(let place, _), .nothing(let place):
      place
    }
  }

  /// The place that the line stands for, or lies in.
  var place: CloudPlace? {
    switch self {
    case .root(let place): place
    case .entry(let entry, let place): entry.place ?? place
    case .more, .waiting, .refusal, .nothing: parent
    }
  }

  /// Objects that can be copied and deleted: one, or all below.
  var objects: CloudPlace? { place.flatMap { $0.isObjectStore ? $0 : nil } }

  /// What reads it as a dataset.
  var source: String? {
    if case .entry(let entry, _) = self { entry.source } else { nil }
  }
}

extension CloudTree {
  /// The lines of the tree, as far as it is open.
  func lines(sources: Set<String>, isPlain: Bool) -> [DatasetLine] {
    guard isShown else { return [] }
    var lines: [DatasetLine] = []
    for root in Self.roots {
      let title = root == .buckets ? "Amazon S3" : "AWS Glue"
      add(.root(root), title, place(of: root), depth: 0, isPlain, &lines)
      addBranch(root, depth: 1, sources, isPlain, &lines)
    }
    return lines
  }

  /// Takes a place that is gone out of the tree, with all that was known to be below it. The bucket itself stays.
  mutating func forget(_ gone: CloudPlace) {
    let address = gone.address
    for (place, _) in branches where place.isObjectStore && place.address.hasPrefix(address) {
      if case .objects(_, "") = place { branches[place] = Branch() } else { branches[place] = nil }
    }
    if let parent = gone.parent, parent != .buckets { branches[parent]?.entries.removeAll { $0.place == gone } }
  }

  /// Whom and what a root asks.
  private func place(of root: CloudPlace) -> String {
    guard let account else { return "" }
    let server = root == .buckets ? account.objectStore : account.catalogue
    return "\(account.profile) · \(server ?? account.region)"
  }

  private func addBranch(
    _ place: CloudPlace, depth: Int, _ sources: Set<String>, _ isPlain: Bool, _ lines: inout [DatasetLine]
  ) {
    guard let branch = branches[place], branch.isOpen else { return }
    for entry in branch.entries {
      let line = CloudLine.entry(entry, within: place)
      add(line, entry.name, detail(entry), depth: depth, isPlain, &lines)
      if let source = entry.source, sources.contains(source) { lines[lines.count - 1].isCurrent = true }
      if entry.hasMore, let below = entry.place { addBranch(below, depth: depth + 1, sources, isPlain, &lines) }
    }
    if let refusal = branch.refusal {
      // Both parts stand on one line, with no room between them where it is narrow.
      add(.refusal(place, refusal), refusal.what + ".", refusal.advice, depth: depth, isPlain, &lines)
    } else if branch.request != nil {
      add(.waiting(place), "asking…", "", depth: depth, isPlain, &lines)
    } else if branch.next != nil {
      add(.more(place), "more…", "\(Number.grouped(branch.entries.count)) shown", depth: depth, isPlain, &lines)
    } else if branch.isListed, branch.entries.isEmpty {
      add(.nothing(place), "nothing here", "", depth: depth, isPlain, &lines)
    }
  }

  private func add(
    _ line: CloudLine, _ title: String, _ detail: String, depth: Int, _ isPlain: Bool, _ lines: inout [DatasetLine]
  ) {
    var sign = ""
    if let place = line.branch {
      let isOpen = branches[place]?.isOpen ?? false
      sign = isPlain ? (isOpen ? "- " : "+ ") : (isOpen ? "▾ " : "▸ ")
    }
    let path = line.source ?? line.place?.address
    lines.append(
      DatasetLine(title: sign + title, detail: detail, path: path, isCurrent: false, depth: depth, cloud: line))
  }

  /// At the right end of an entry: how many lie below it where that is known, or what it is.
  private func detail(_ entry: CloudEntry) -> String {
    if let size = entry.size { return byteText(size) }
    let count = entry.place.flatMap { branches[$0] }.map { $0.isOpen ? $0.count : "" } ?? ""
    switch entry.kind {
    case .bucket, .prefix, .partitions: return count
    case .database: return count.isEmpty ? entry.detail : count
    case .object, .table, .column, .key, .location, .partition: return entry.detail
    }
  }
}

/// The line of the tree under the cursor of the datasets pane.
func currentCloudLine(_ state: WorkbenchState) -> CloudLine? {
  guard state.datasets.cloud.isShown else { return nil }
  let lines = datasetLines(state)
  return lines.indices.contains(state.datasets.cursor) ? lines[state.datasets.cursor].cloud : nil
}

/// What the line under the cursor is, in full, for the line above the footer; empty for a file.
func cloudReadout(_ state: WorkbenchState) -> String {
  switch currentCloudLine(state) {
  case .refusal(_, let refusal)?: return refusal.text
  case .root(let place)?:
    guard let account = state.datasets.cloud.account else { return place.address }
    let server = place == .buckets ? account.objectStore : account.catalogue
    return "\(place.address)  profile \(account.profile), region \(account.region)"
      + (server.map { ", at \($0)" } ?? "") + (account.isReadOnly ? ", read-only" : "")
  case .entry(let entry, let place)?:
    let parts = [
      entry.source ?? entry.place?.address ?? "\(place.address) \(entry.name)", entry.size.map(byteText) ?? "",
      entry.modified.map { "changed " + momentText($0) } ?? "", entry.size == nil ? "" : entry.detail,
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: "  ")
  case .more?: return "\(state.keyLabel("datasets.open")) asks for more"
  case .waiting(let place)?: return "asking for \(place.address)"
  case .nothing(let place)?: return "nothing is in \(place.address)"
  case nil: return ""
  }
}
