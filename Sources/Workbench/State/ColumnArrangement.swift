import Frame

/// How the columns of a view are looked at: which stay at the left, which are hidden, their order, widths and names.
/// Kept by name, so that it survives another order of the rows; the flow knows nothing of it.
public struct ColumnArrangement: Sendable, Equatable {
  /// The order of all columns; empty for their own.
  public var order: [String] = []
  public var hidden: Set<String> = []
  /// Pinned at the left, in this order.
  public var keys: [String] = []
  public var widths: [String: Int] = [:]
  /// Other names on screen.
  public var names: [String: String] = [:]

  public init() {}

  /// Indices of the columns on screen, from left to right.
  public func shown(_ schema: Schema) -> [Int] {
    let places = Dictionary(schema.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let first = (keys + order).compactMap { places[$0] }
    var taken: Set<Int> = []
    return (first + schema.indices).filter { !hidden.contains(schema[$0].name) && taken.insert($0).inserted }
  }

  /// How many of the columns on screen are pinned.
  public func pinned(_ schema: Schema) -> Int {
    keys.count { name in !hidden.contains(name) && schema.contains { $0.name == name } }
  }

  /// True where the columns' order, number or names differ from the table's.
  public func changesColumns(of schema: Schema) -> Bool {
    shown(schema) != Array(schema.indices) || !names.isEmpty
  }
}

extension TableView {
  /// Indices of the columns on screen, from left to right.
  public var shownColumns: [Int] { arrangement.shown(schema) }

  /// Moves the cursor along the columns on screen.
  mutating func moveColumn(by delta: Int) {
    let shown = shownColumns
    guard !shown.isEmpty else { return }
    let here = shown.firstIndex(of: column) ?? 0
    column = shown[min(max(0, here + delta), shown.count - 1)]
  }

  /// Puts the cursor on the column at a place on screen.
  mutating func moveColumn(toPlace place: Int) {
    let shown = shownColumns
    if shown.indices.contains(place) { column = shown[place] }
  }

  /// Changes how the column under the cursor is looked at.
  mutating func arrange(_ body: (inout ColumnArrangement, String) -> Void) {
    guard schema.indices.contains(column) else { return }
    body(&arrangement, schema[column].name)
    let shown = shownColumns
    if !shown.contains(column), let near = shown.first(where: { $0 > column }) ?? shown.last { column = near }
  }

  /// Columns that take part in computing what is seen, and are not shown at first.
  mutating func hideTechnicalColumns() {
    switch request.look.summary {
    case .frequency(let frequency, _):
      let taken = Set(frequency.columns.map { $0.lowercased() })
      for name in ["low", "high", "from", "to"] { arrangement.hidden.insert(taken.contains(name) ? name + "_" : name) }
    case .description: arrangement.hidden.insert("approximate")
    case nil: break
    }
  }
}
