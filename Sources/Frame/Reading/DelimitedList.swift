/// Delimited texts that are read one below the other, each in its own way, by the names of their columns.
struct DelimitedList: Sendable {
  var parts: [OpenedSource]
  /// The columns of all, in the order in which they are met.
  private(set) var columns: Schema = []
  /// Columns that are text whatever the parts say, lowercased.
  private var texts: Set<String> = []
  /// Types that the person chose, by name.
  private let types: [String: String]
  private let isSilent: @Sendable (OpenedSource, String) -> Bool
  /// What the reader of the data should know.
  private(set) var notes: [String] = []

  /// - Parameter isSilent: tells whether a text column of a part has no values.
  /// - Throws: `FrameError` where a type is chosen for a column that no part has.
  init(
    _ parts: [OpenedSource], _ source: Source, _ isSilent: @escaping @Sendable (OpenedSource, String) -> Bool
  ) throws {
    (self.parts, types, self.isSilent) = (parts, source.options.types, isSilent)
    unite()
    var typed = columns
    try source.override(&typed)
    columns = typed
  }

  /// Finds the columns that the parts have now.
  private mutating func unite() {
    var united: Schema = []
    notes = parts.flatMap { part in part.notes.map { "\(part.source.name): \($0)" } }
    for (place, part) in parts.enumerated().dropFirst() {
      let before = Set(parts[..<place].flatMap(\.schema).map { $0.name.lowercased() })
      guard before.isDisjoint(with: part.schema.map { $0.name.lowercased() }) else { continue }
      notes.append(
        "\(part.source.name) has no column of the files before it: \(ColumnNames.listed(part.schema.map(\.name))).")
    }
    for column in parts.flatMap(\.schema)
    where !united.contains(where: { $0.name.lowercased() == column.name.lowercased() }) {
      united.append(Column(name: column.name, type: type(of: column.name)))
    }
    columns = united
  }

  /// A type that has the values of all parts.
  private mutating func type(of name: String) -> String {
    if let chosen = types[name] { return chosen }
    if texts.contains(name.lowercased()) { return "VARCHAR" }
    let found = parts.compactMap { part in part.schema.column(ignoringCase: name).map { (part, $0) } }
    let kinds = Set(found.map(\.1.type))
    guard kinds.count > 1 else { return found.first?.1.type ?? "VARCHAR" }
    let telling = found.filter { part, column in column.type != "VARCHAR" || !isSilent(part, column.name) }
    let type = telling.dropFirst().reduce(telling.first?.1.type ?? "VARCHAR") { SheetParts.wider($0, $1.1.type) }
    if type == "VARCHAR", Set(telling.map(\.1.type)).count > 1 {
      notes.append("Column \(name) is read as text: its values are of another kind in some of the files.")
    }
    return type
  }

  /// A SELECT of every row.
  /// - Parameter rejects: the name of the temporary table that skipped rows are written to.
  func select(rejects: String? = nil) -> String {
    parts.compactMap { part in
      guard case .delimited(var layout) = part.layout else { return nil }
      for (index, column) in layout.columns.enumerated() {
        guard let whole = columns.column(ignoringCase: column.name) else { continue }
        let isChosen = types[whole.name] != nil || whole.type == "VARCHAR" || column.type == "VARCHAR"
        layout.columns[index] = Column(name: whole.name, type: isChosen ? whole.type : column.type)
      }
      return layout.select(part.file.path, rejects: rejects)
    }.joined(separator: " UNION ALL BY NAME ")
  }

  /// The part that an error of DuckDB is about, by the path that it names.
  func place(of path: String?) -> Int? { parts.firstIndex { $0.file.path == path || $0.source.location == path } }

  /// Reads the parts in another way.
  mutating func replace(_ changed: [OpenedSource]) {
    parts = changed
    unite()
  }

  /// Reads a column as text in all parts; false where it is one already, or its type was chosen.
  mutating func makeText(_ name: String) -> Bool {
    guard let column = columns.column(ignoringCase: name), column.type != "VARCHAR", types[column.name] == nil else {
      return false
    }
    texts.insert(name.lowercased())
    unite()
    return true
  }
}

extension Schema {
  fileprivate func column(ignoringCase name: String) -> Column? {
    first { $0.name.lowercased() == name.lowercased() }
  }
}
