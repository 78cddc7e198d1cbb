// A flow as one SQL script for people and other programs: a table expression for each step, under a comment that says
// what it does.

import Frame

/// Where the rows of a script's sources come from.
public enum ScriptSources: String, Sendable, CaseIterable {
  /// DuckDB reads the files, exactly as assay does; a hole stands for one that assay reads through a copy of its own, such
  /// as a workbook.
  case files
  /// A hole such as `{{people}}` stands for a table that the reader puts in.
  case placeholders
}

extension Compiler {
  /// The rows of a step as one SQL script, with all the steps that they depend on. Disabled steps are left out.
  /// - Parameter sources: ignored but in DuckDB's dialect, for other programs read no files by their own SQL.
  /// - Throws: `FlowError` with the first step that has a fault, has not been fitted, or cannot be said in the dialect.
  public func script(
    for node: StepID, dialect: SQLDialect = .duckDB, sources: ScriptSources = .files
  ) throws -> String {
    // Tables of this session are of no use to the reader: everything is compiled from the sources on.
    let origins = relations.filter { graph[$0.key]?.operation.kind == .source }
    let stages = try Compiler(graph, relations: origins).stages(to: node)
    guard let last = stages.last else { throw FlowError.noSuchStep(node) }
    var placeholders: [StepID: String] = [:]
    var schemas: [StepID: Schema] = [:]
    var bodies: [(id: StepID, comment: String, sql: String)] = []
    for stage in stages {
      let step = try graph.step(stage.id)
      if case .transform(let spec) = step.operation, spec.transform?.rows != nil {
        throw FlowError.cannot("write as SQL", step: stage.id, because: "assay computes its rows itself")
      }
      schemas[stage.id] = stage.schema
      let isSource = step.operation.kind == .source
      let sql: String
      var comment = Self.comment(step)
      if isSource, dialect == .trino, let table = Self.catalogTable(step, dialect) {
        sql = "SELECT \(dialect.list(stage.schema.map(\.name))) FROM \(table)"
      } else if isSource, dialect == .duckDB, sources == .files, let own = relations[stage.id]?.portableSQL {
        sql = own
      } else if isSource {
        let hole = Self.placeholder(step, taken: Set(placeholders.values))
        placeholders[stage.id] = hole
        sql = "SELECT \(dialect.list(stage.schema.map(\.name))) FROM {{\(hole)}}"
      } else if dialect == .duckDB {
        sql = stage.sql
      } else if dialect == .spark {
        let made = try clusterStatement(stage, schemas)
        sql = made.sql
        for check in made.checks {
          let columns = check.columns.joined(separator: ", ")
          comment +=
            "\n--   " + Self.line("Rows that differ must not tie in its order (\(columns)): they would come in any.")
        }
      } else {
        sql = try DialectWriter(dialect: dialect, graph: graph, schemas: schemas).select(step, outlet: outlet)
      }
      bodies.append((stage.id, comment, sql))
    }
    let title = Self.line("\(graph[last.id]?.title ?? "") (\(last.id))")
    var text = "-- \(title), in the SQL of \(dialect.title)\n"
    if !placeholders.isEmpty {
      text +=
        "-- Put the names of tables in place of "
        + placeholders.values.sorted().map { "{{\($0)}}" }.joined(separator: ", ") + ".\n"
    }
    if bodies.count > 1 {
      let tables = bodies.dropLast().map { id, comment, sql in
        "\(comment)\n\(dialect.identifier(id.rawValue)) AS (\n\(Self.indented(sql, graph[id], dialect))\n)"
      }
      text += "WITH\n" + tables.joined(separator: ",\n\n") + "\n\n"
    }
    return text + bodies[bodies.count - 1].comment + "\n" + bodies[bodies.count - 1].sql + ";\n"
  }

  /// The step whose rows a step hands on: its own, or those of what it reads where it is disabled.
  func outlet(_ id: StepID) -> StepID {
    var current = id
    while let step = graph[current], !step.isEnabled, let parent = step.inputs.first { current = parent }
    return current
  }

  /// `-- s2 Filter: age > 30`, and the note below it.
  private static func comment(_ step: Step) -> String {
    let summary = step.operation.summary
    var lines = ["-- \(line("\(step.id) \(step.title)\(summary.isEmpty ? "" : ": \(summary)")"))"]
    for note in (step.note ?? "").split(whereSeparator: \.isNewline) { lines.append("--   \(line(String(note)))") }
    return lines.joined(separator: "\n")
  }

  /// Text without line breaks, which would end a comment.
  private static func line(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.isWhitespace || $0.value < 32 ? " " : $0 }))
  }

  /// The name that Athena has for a table of the Glue catalogue; nil for any other source.
  private static func catalogTable(_ step: Step, _ dialect: SQLDialect) -> String? {
    guard case .source(let source) = step.operation, source.location.lowercased().hasPrefix("glue://") else {
      return nil
    }
    let parts = source.location.dropFirst(7).split(separator: "/")
    return parts.count == 2 ? parts.map { dialect.identifier(String($0)) }.joined(separator: ".") : nil
  }

  /// The source's name as a word of letters, digits and underscores that no other source has.
  private static func placeholder(_ step: Step, taken: Set<String>) -> String {
    var name = step.name ?? ""
    if case .source(let source) = step.operation, name.isEmpty { name = source.name }
    let stem = name.split(separator: ".").first.map(String.init) ?? name
    let scalars = stem.unicodeScalars.map { scalar -> Character in
      scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        ? Character(scalar) : "_"
    }
    let word = scalars.isEmpty ? "source" : String(scalars)
    return taken.contains(word) ? "\(word)_\(step.id)" : word
  }

  /// Lines moved in by two, but not those within texts and names. The user's own SQL stays as it was written.
  private static func indented(_ sql: String, _ step: Step?, _ dialect: SQLDialect) -> String {
    if case .transform(let spec)? = step?.operation, spec.id == CustomSQL.info.id { return sql }
    var result = "  "
    var quote: Character?
    var isEscaped = false
    for character in sql {
      result.append(character)
      if let open = quote {
        if character == open, !isEscaped { quote = nil }
        isEscaped = dialect == .spark && open == "'" && character == "\\" && !isEscaped
      } else if character == "'" || character == "\"" || character == "`" && dialect == .spark {
        quote = character
      } else if character == "\n" {
        result += "  "
      }
    }
    return result
  }
}
