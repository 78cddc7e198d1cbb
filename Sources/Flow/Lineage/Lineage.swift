// The way of a column through a flow: back from where it stands to the columns of sources that it is made of.

import Frame

/// How a column of a step came to be.
public struct Lineage: Codable, Sendable, Equatable {
  /// A column of a step's result.
  public struct Column: Codable, Hashable, Sendable {
    public var step: StepID
    public var name: String

    public init(_ step: StepID, _ name: String) { (self.step, self.name) = (step, name) }
  }

  /// What a step did to a column on the way.
  public struct Change: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable {
      /// A new column, computed.
      case made
      /// Other values under the same name.
      case changed
      /// The same values under another name.
      case renamed
      /// The same values once more under another name.
      case copied
      /// Taken over from another step that is read beside the first.
      case joined
      /// Values of several columns below or beside each other.
      case combined
    }

    public var step: StepID
    /// The column as the step hands it on.
    public var column: String
    public var kind: Kind
    public var from: [Column]
    /// Columns that only say which rows belong together, or what an encoder has learnt from.
    public var by: [Column]
    public var title: String
    public var summary: String
    /// False where a query of the user cannot be read in full: `from` then holds all that it may read.
    public var isCertain: Bool

    private enum CodingKeys: String, CodingKey {
      case step, column, kind, from, by, title, summary
      case isCertain = "certain"
    }
  }

  public var node: StepID
  public var column: String
  /// The columns of sources that its values come from, in the order of the flow.
  public var sources: [Column]
  /// In the order of the flow.
  public var changes: [Change]
  /// Steps on the way that choose, repeat, combine or reorder rows, in the order of the flow.
  public var rows: [StepID]
}

extension Lineage.Change {
  /// What the step did, as a clause: `made from age and hours, by sex`.
  public var clause: String {
    let names = Self.listing(from)
    var text =
      switch kind {
      case .made where from.isEmpty: "made from no column"
      case .made: "made from \(isCertain ? "" : "some of ")\(names)"
      case .changed:
        from.count == 1 ? "changed" : "changed with \(Self.listing(from.filter { $0.name != column }))"
      case .renamed: "renamed from \(names)"
      case .copied: "copied from \(names)"
      case .joined: "taken over from \(names) of \(from.first?.step.rawValue ?? "")"
      case .combined: "put together from " + from.map { "\($0.name) of \($0.step)" }.joined(separator: ", ")
      }
    if !by.isEmpty { text += ", by \(Self.listing(by))" }
    return text
  }

  private static func listing(_ columns: [Lineage.Column]) -> String {
    var names: [String] = []
    for column in columns where !names.contains(column.name) { names.append(column.name) }
    let shown = names.count > 6 ? Array(names.prefix(5)) : names
    let rest = names.count > shown.count ? ["\(names.count - shown.count) more"] : []
    let all = shown + rest
    guard all.count > 1, let last = all.last else { return all.first ?? "" }
    return all.dropLast().joined(separator: ", ") + " and " + last
  }
}

extension Compiler {
  /// How a column of a step came to be. The steps up to `node` have learnt what they learn.
  /// - Parameter database: parses SQL; nothing is run.
  /// - Throws: `FlowError`, or `FrameError`.
  public func lineage(of column: String, at node: StepID, in database: Database) throws -> Lineage {
    let stages = try stages(to: node, standsIn: true)
    guard let last = stages.last else { throw FlowError.noSuchStep(node) }
    let schema = last.schema
    guard
      let start = schema.column(named: column) ?? schema.first(where: { $0.name.lowercased() == column.lowercased() })
    else {
      throw FlowError.noSuchColumn(column, step: node, nearest: Nearest.name(to: column, among: schema.map(\.name)))
    }
    let order = Dictionary(stages.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    var lineage = Lineage(node: node, column: start.name, sources: [], changes: [], rows: [])
    let aggregates = try Self.aggregates(database)
    var known: [StepID: StepOrigins] = [:]
    var seen: Set<Lineage.Column> = []
    var open = [Lineage.Column(last.id, start.name)]
    while let here = open.popLast() {
      guard seen.insert(here).inserted, let place = order[here.step] else { continue }
      let stage = stages[place]
      guard !stage.inputs.isEmpty else {
        lineage.sources.append(here)
        continue
      }
      let origins =
        try known[here.step]
        ?? origins(
          of: stage, among: stages, in: database, aggregates: aggregates)
      known[here.step] = origins
      if origins.changesRows, !lineage.rows.contains(here.step) { lineage.rows.append(here.step) }
      guard let origin = origins[here.name] else { continue }
      let from = origin.from.map { Lineage.Column(stage.inputs[$0.input], $0.column) }
      open += from
      guard let kind = Self.kind(of: origin, here.name, origins), let step = graph[here.step] else { continue }
      let by = origin.by.map { Lineage.Column(stage.inputs[$0.input], $0.column) }
      lineage.changes.append(
        Lineage.Change(
          step: here.step, column: here.name, kind: kind, from: from, by: by, title: step.title,
          summary: step.operation.summary, isCertain: origins.isCertain))
    }
    let places = stages.map {
      Dictionary($0.schema.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { a, _ in a })
    }
    func before(_ a: Lineage.Column, _ b: Lineage.Column) -> Bool {
      let (i, j) = (order[a.step] ?? 0, order[b.step] ?? 0)
      return i == j ? (places[i][a.name] ?? 0) < (places[j][b.name] ?? 0) : i < j
    }
    lineage.sources.sort(by: before)
    lineage.changes.sort { before(.init($0.step, $0.column), .init($1.step, $1.column)) }
    lineage.rows.sort { (order[$0] ?? 0) < (order[$1] ?? 0) }
    return lineage
  }

  /// What a step did to a column; nil where it hands it on as it was.
  private static func kind(
    of origin: ColumnOrigin, _ name: String, _ origins: StepOrigins
  ) -> Lineage.Change.Kind? {
    guard origin.isPassed, let first = origin.from.first else {
      return origin.from.contains(.init(0, name)) ? .changed : .made
    }
    if origin.from.count > 1 { return .combined }
    if first.input > 0 { return .joined }
    if first.column == name { return nil }
    let isKept = origins.columns.contains { $0.name == first.column && $0.origin == origin }
    return isKept ? .copied : .renamed
  }
}
