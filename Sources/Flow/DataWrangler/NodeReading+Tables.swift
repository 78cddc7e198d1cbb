// Columns and rows as such, tables side by side and below each other, splits, samples and series.

import Frame

extension NodeReading {
  private var variant: String { arguments.text("operator") ?? "" }

  // MARK: - Columns and rows

  func manageColumns() throws -> [DraftedStep] {
    switch NodeArguments.snake(variant) {
    case "drop_column", "drop_columns":
      let given = arguments.variant("Drop column", also: "Drop columns")
      return [DraftedStep(.drop(try required(given, "column_to_drop")))]
    case "duplicate_column":
      let given = arguments.variant("Duplicate column")
      guard let name = given.text("new_name") else { throw Unmapped("it names no new column") }
      let copy: Parameters = ["column": .text(try required(given)[0]), "name": .text(name)]
      return [DraftedStep(DuplicateColumn.info.id, copy)]
    case "rename_column", "rename_columns": return try renameColumns()
    case "move_column", "move_columns": return [try moveColumns()]
    case "concatenate_columns", "concat_columns":
      let given = arguments.variant("Concatenate columns", also: "Concat columns")
      guard let left = given.text("left_column"), let right = given.text("right_column") else {
        throw Unmapped("it names no columns")
      }
      return [
        DraftedStep(
          CombineColumns.info.id,
          [
            "columns": named([left, right]), "separator": .text(given.text("delimiter") ?? "_"),
            "name": .text(given.text("output_column") ?? "\(left)_\(right)"), "missing": "skip",
          ])
      ]
    default: throw Unmapped("assay has no \"\(variant)\" of columns")
    }
  }

  private func renameColumns() throws -> [DraftedStep] {
    let given = arguments.variant("Rename column", also: "Rename columns")
    var pairs = given.rows("columns_to_rename").map { ($0.text("input_column"), $0.text("new_name")) }
    pairs.append((given.columns("input_column").first, given.text("new_name")))
    let names = pairs.compactMap { column, name in column.flatMap { from in name.map { Renaming(from, to: $0) } } }
    return [DraftedStep(.rename(names))]
  }

  private func moveColumns() throws -> DraftedStep {
    let given = arguments.variant("Move column", also: "Move columns")
    let type = given.text("move_type") ?? "Move to start"
    let inner = given.variant(type)
    let place = try word(
      type,
      [
        "Move to start": "start", "Move to end": "end", "Move to index": "index", "Move after": "after",
        "Move before": "before",
      ], of: "place to move to")
    var parameters: Parameters = ["columns": named(try required(inner, "column_to_move")), "to": .text(place)]
    if place == "index" { parameters["index"] = .number(Double((inner.integer("index") ?? 0) + 1)) }
    if let target = inner.text("target_column") { parameters["anchor"] = .text(target) }
    return DraftedStep(MoveColumns.info.id, parameters)
  }

  func manageRows() throws -> [DraftedStep] {
    switch NodeArguments.snake(variant) {
    case "sort":
      let given = arguments.variant("Sort")
      let rows = given.rows("conditions")
      let pairs = rows.isEmpty ? [given] : rows
      let keys = pairs.compactMap { row -> SortKey? in
        let order = row.text("order")
        return row.columns("sort_by", "input_column").first.map {
          SortKey($0, descending: order?.lowercased().hasPrefix("desc") == true)
        }
      }
      note(
        .info, "puts missing values last, and text by the numbers in it",
        why: "Data Wrangler puts missing values first where the order is ascending, and text by its letters")
      return [DraftedStep(.sort(keys))]
    case "shuffle":
      let seed = arguments.variant("Shuffle").integer("seed") ?? 0
      noteDraw()
      return [DraftedStep(Shuffle.info.id, ["seed": .number(Double(seed))])]
    case "drop_duplicates":
      _ = arguments.variant("Drop duplicates")
      return [DraftedStep(DropDuplicates.info.id, ["keep": "first"])]
    case "drop_empty":
      _ = arguments.variant("Drop empty")
      return [DraftedStep(DropMissingRows.info.id, ["how": "all"])]
    default: throw Unmapped("assay cannot tell what \"\(variant)\" of rows keeps")
    }
  }

  // MARK: - Several tables

  func join() throws -> DraftedStep {
    let type = (arguments.text("join_type") ?? "inner").lowercased().filter(\.isLetter)
    let how = try word(
      type,
      [
        "inner": "inner", "left": "left", "leftouter": "left", "right": "right", "rightouter": "right",
        "outer": "full", "full": "full", "fullouter": "full", "semi": "semi", "leftsemi": "semi", "anti": "anti",
        "leftanti": "anti", "cross": "cross", "cartesian": "cross",
      ], of: "join")
    var pairs = arguments.rows("join_keys").map { ($0.text("left"), $0.text("right")) }
    if pairs.isEmpty {
      pairs = [(arguments.columns("left_column").first, arguments.columns("right_column").first)]
    }
    let keys = pairs.compactMap { left, right in left.flatMap { l in right.map { (l, $0) } } }
    var parameters: Parameters = ["how": .text(how)]
    if how != "cross" {
      guard !keys.isEmpty else { throw Unmapped("it names no keys") }
      parameters["keys"] = .list(keys.map { ["left": .text($0.0), "right": .text($0.1)] })
      if how != "semi", how != "anti" { parameters["keepKeys"] = true }
    }
    return DraftedStep(Join.info.id, parameters)
  }

  func concatenate() throws -> NodePlan {
    let type = arguments.text("concatenate_type") ?? "row_wise"
    guard type == "row_wise" else { throw Unmapped("assay puts no tables side by side without a key") }
    var plan = NodePlan()
    if let column = arguments.text("indicator_col_name") {
      for (place, key) in ["df1_indicator", "df2_indicator"].enumerated() {
        let label = (arguments.text(key) ?? "").replacing("'", with: "''")
        plan.before[place] = [DraftedStep(.derive(name: column, expression: "'\(label)'"))]
      }
    }
    let isDistinct = arguments.flag("apply_dedupe") ?? false
    if isDistinct, !plan.before.isEmpty {
      note(
        .differs, "keeps equal rows of different tables",
        why: "Data Wrangler does not compare the column that names them")
    }
    plan.steps = [DraftedStep(Concatenate.info.id, ["distinct": .flag(isDistinct)])]
    return plan
  }

  func split() throws -> Parameters {
    let method = try word(
      variant,
      [
        "Randomized split": "random", "Ordered split": "ordered", "Stratified split": "stratified",
        "Split by key": "key",
      ], of: "split")
    let given = arguments.variant(variant)
    let parts = given.rows("splits").map { row -> Parameter in
      ["name": .text(row.text("name") ?? ""), "share": .number(row.number("percentage") ?? 0)]
    }
    var parameters: Parameters = ["method": .text(method), "parts": .list(parts)]
    _ = given.number("error")
    let seed = given.integer("seed") ?? 0
    if method != "ordered" {
      parameters["seed"] = .number(Double(seed))
      noteDraw()
    }
    switch method {
    case "ordered":
      if let column = given.columns("input_column").first {
        parameters["column"] = .text(column)
        parameters["duplicates"] = given.flag("handle_duplicates") ?? false ? "apart" : "together"
      }
    case "stratified": parameters["stratify"] = .text(try required(given)[0])
    case "key":
      let inner = given.record("key_columns")?.columns("values") ?? given.columns("key_columns")
      guard !inner.isEmpty else { throw Unmapped("it names no keys") }
      parameters["keys"] = named(inner)
    default: break
    }
    return parameters
  }

  func sample() throws -> DraftedStep {
    let method = arguments.text("sampling_method", "operator") ?? "Random"
    let kind = NodeArguments.snake(method)
    let given = arguments.variant(method, also: "Random", "Randomized", "Limit", "Stratified", "First K")
    let size = given.number("sample_size", "limit", "size", "k", "rows") ?? arguments.number("sample_size")
    guard let size, size > 0 else { throw Unmapped("it names no size of the sample") }
    let seed = UInt64(max(0, given.integer("seed") ?? 0))
    let rows = Int(size.rounded())
    if kind.hasPrefix("limit") || kind.hasPrefix("first") || kind.hasPrefix("top") {
      return DraftedStep(.sample(.first(rows)))
    }
    noteDraw()
    if kind.hasPrefix("strat") {
      guard let column = given.columns("stratify_column", "input_column", "column").first else {
        throw Unmapped("it names no column of groups")
      }
      return DraftedStep(.sample(.stratified(rows, column: column, seed: seed)))
    }
    guard kind.hasPrefix("random") else { throw Unmapped("assay has no sample \"\(method)\"") }
    return DraftedStep(.sample(size < 1 ? .fraction(size, seed: seed) : .random(rows, seed: seed)))
  }

  // MARK: - Nested values

  func manageVectors() throws -> [DraftedStep] {
    let given = arguments.variant(variant)
    switch NodeArguments.snake(variant) {
    case "assemble":
      let columns = given.columns("input_columns", "input_column")
      guard !columns.isEmpty else { throw Unmapped("it names no columns") }
      return [
        DraftedStep(
          Assemble.info.id,
          [
            "columns": named(columns), "name": .text(given.text("output_column") ?? "vector"),
            "missing": .text(given.text("invalid_handling_strategy", "handle_invalid") == "Skip" ? "drop" : "keep"),
          ])
      ]
    case "flatten":
      var parameters: Parameters = ["column": .text(try required(given)[0]), "method": "first"]
      if let prefix = given.text("output_prefix", "output_column_prefix", "output_column") {
        parameters["prefix"] = .text(prefix + "_")
      }
      if let length = given.integer("length", "vector_length", "fixed_length") {
        parameters["method"] = "given"
        parameters["length"] = .number(Double(length))
      }
      return [DraftedStep(Flatten.info.id, parameters)]
    default: throw Unmapped("assay has no \"\(variant)\" of vectors")
    }
  }

  func unnest() throws -> [DraftedStep] {
    let name = variant.isEmpty ? node.kind : variant
    let given = variant.isEmpty ? arguments : arguments.variant(variant)
    guard let column = given.columns("input_column", "column").first else { throw Unmapped("it names no column") }
    if name.lowercased().contains("explode") {
      return [DraftedStep(Explode.info.id, ["column": .text(column), "empty": "drop"])]
    }
    guard name.lowercased().contains("nest") || name.lowercased().contains("flatten") else {
      throw Unmapped("assay has no \"\(name)\" of nested values")
    }
    var parameters: Parameters = ["column": .text(column), "keep": .flag(true)]
    let keys = given.columns("keys")
    if !keys.isEmpty { parameters["keys"] = named(keys) }
    if let prefix = given.text("output_prefix", "prefix") { parameters["prefix"] = .text(prefix) }
    return [DraftedStep(Unnest.info.id, parameters)]
  }
}
