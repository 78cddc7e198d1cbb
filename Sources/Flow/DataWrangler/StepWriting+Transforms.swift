// Catalogued transforms in Data Wrangler's words.

import Frame

extension StepWriting {
  mutating func transform(_ spec: TransformSpec) throws -> [DraftedNode] {
    let given = spec.completed.parameters
    let columns = given.texts("columns")
    switch spec.id {
    case Foreign.info.id: return [foreign(spec.parameters)]
    case DuplicateColumn.info.id:
      let column = given.text("column") ?? ""
      let copy: Parameters = [
        "input_column": .text(column), "new_name": .text(given.text("name") ?? column + "_copy"),
      ]
      return [DraftedNode("manage_columns", "Duplicate column", copy)]
    case MoveColumns.info.id: return [move(given, columns)]
    case CombineColumns.info.id: return try combine(given, columns)
    case DropDuplicates.info.id:
      guard given.texts("columns").isEmpty, given.text("keep") == "first" else {
        throw Unmapped("Data Wrangler compares all columns, and keeps the first row")
      }
      return [DraftedNode("manage_rows", "Drop duplicates", [:])]
    case Shuffle.info.id: return [DraftedNode("manage_rows", "Shuffle", [:])]
    case Slice.info.id:
      guard (given.integer("skip") ?? 0) == 0, let limit = given.integer("limit") else {
        throw Unmapped("Data Wrangler leaves out no first rows")
      }
      noteUnseen()
      return [Self.sampling(.first(limit))]
    case Join.info.id: return try join(given)
    case Concatenate.info.id: return try concatenate(given)
    case CustomSQL.info.id: return try customSQL(given)
    case FillMissing.info.id, MissingIndicator.info.id, DropMissingRows.info.id, DropMissingColumns.info.id:
      return try missing(spec.id, given, columns)
    case Outliers.info.id: return [try outliers(given, columns)]
    case ReplaceRare.info.id:
      return [
        DraftedNode(
          "handle_outliers", "Replace rare values",
          [
            "input_column": named(columns), "replacement_string": given["replacement"] ?? "other",
            "absolute_threshold": given["count"] ?? 10, "fraction_threshold": given["share"] ?? 0.01,
            "max_common_categories": given["categories"] ?? 0,
          ])
      ]
    case EncodeOrdinal.info.id, EncodeOneHot.info.id, EncodeSimilarity.info.id:
      return try encode(spec.id, given, columns)
    case Scale.info.id: return [scale(given, columns)]
    case Balance.info.id:
      let method = ["oversample": "Random oversample", "undersample": "Random undersample"]
      return [
        DraftedNode(
          "balance_data",
          [
            "operator": .text(method[given.text("method") ?? ""] ?? "SMOTE"), "ratio": given["ratio"] ?? 1,
            "smote_params": ["num_neighbors": given["neighbors"] ?? 5], "target_column": given["target"] ?? "",
          ])
      ]
    case PrincipalComponents.info.id: return [components(given, columns)]
    case TextStatistics.info.id, Vectorise.info.id, DateParts.info.id: return try featurize(spec.id, given, columns)
    case FormatText.info.id: return try format(given, columns)
    case FindText.info.id, ExtractText.info.id, ReplaceText.info.id, SplitText.info.id:
      return try search(spec.id, given, columns)
    case ValidateText.info.id: return try validate(given, columns)
    case ParseValues.info.id: return try parse(given, columns)
    case ValidateTimestamps.info.id, FillSeries.info.id, Resample.info.id, LagFeatures.info.id, GroupSeries.info.id,
      SeriesFeatures.info.id, StandardiseLength.info.id, DatetimeRange.info.id:
      return [try series(spec.id, given, columns)]
    case Assemble.info.id, Flatten.info.id, Explode.info.id, Unnest.info.id: return try nested(spec.id, given, columns)
    default: throw Unmapped("Data Wrangler has no step like \(step.operation.title)")
    }
  }

  private func foreign(_ given: Parameters) -> DraftedNode {
    var draft = DraftedNode("foreign", Parameters(given["parameters"]?.record ?? [:]))
    draft.operatorID = given.text("operator")
    draft.kind = DataWranglerDocument.Node.kind(draft.operatorID ?? "")
    draft.trained = given["trained_parameters"]?.record.map { Parameters($0) }
    let outputs = given.texts("outputs")
    if !outputs.isEmpty { draft.outputs = outputs }
    return draft
  }

  // MARK: - Columns and tables

  private func move(_ given: Parameters, _ columns: [String]) -> DraftedNode {
    let place = given.text("to") ?? "start"
    let type = ["start": "Move to start", "end": "Move to end", "index": "Move to index", "after": "Move after"]
    let name = type[place] ?? "Move before"
    var inner: Parameters = ["column_to_move": named(columns)]
    if place == "index" { inner["index"] = .number(Double((given.integer("index") ?? 1) - 1)) }
    if place == "after" || place == "before" { inner["target_column"] = given["anchor"] }
    return DraftedNode(
      "manage_columns", "Move column", ["move_type": .text(name), DraftedNode.key(name): .record(inner.values)])
  }

  private func combine(_ given: Parameters, _ columns: [String]) throws -> [DraftedNode] {
    guard columns.count == 2, given.text("missing") ?? "skip" == "skip" else {
      throw Unmapped("Data Wrangler joins two columns, and leaves missing values out")
    }
    var parameters: Parameters = [
      "operator": "Concatenate columns",
      "concat_columns_parameters": [
        "left_column": .text(columns[0]), "right_column": .text(columns[1]), "delimiter": given["separator"] ?? " ",
        "output_column": given["name"] ?? "",
      ],
    ]
    parameters["operator"] = "Concatenate columns"
    return [DraftedNode("manage_columns", parameters)] + dropping(given, columns)
  }

  /// A node that drops columns, where the step leaves its inputs out.
  private func dropping(_ given: Parameters, _ columns: [String]) -> [DraftedNode] {
    given.flag("drop") ? [DraftedNode("manage_columns", "Drop column", ["column_to_drop": named(columns)])] : []
  }

  private mutating func join(_ given: Parameters) throws -> [DraftedNode] {
    let how = given.text("how") ?? "inner"
    let types = [
      "left": "leftouter", "right": "rightouter", "full": "fullouter", "semi": "leftsemi", "anti": "leftanti",
    ]
    let type = Parameter.text(types[how] ?? how)
    let keys = how == "cross" ? [] : given.rows("keys")
    var draft = DraftedNode(
      "join_multi_keys", ["join_keys": .list(keys.map { .record($0.values) }), "join_type": type])
    if keys.count == 1 {
      draft = DraftedNode(
        "join_tables",
        ["left_column": keys[0]["left"] ?? "", "right_column": keys[0]["right"] ?? "", "join_type": type])
    } else if keys.isEmpty {
      draft = DraftedNode("join_tables", ["join_type": type])
    }
    guard !given.flag("keepKeys"), how != "semi", how != "anti" else { return [draft] }
    let shared = keys.compactMap { row -> String? in
      let (left, right) = (row.text("left") ?? "", row.text("right") ?? "")
      return left.lowercased() == right.lowercased() ? left : nil
    }
    guard !shared.isEmpty else { return [draft] }
    if how == "full" { throw Unmapped("Data Wrangler keeps both keys of a full join") }
    // There a key stands twice, as key_0 and key_1.
    let (kept, gone) = how == "right" ? ("_1", "_0") : ("_0", "_1")
    let drop = DraftedNode("manage_columns", "Drop column", ["column_to_drop": named(shared.map { $0 + gone })])
    let renames = shared.map { key in
      DraftedNode(
        "manage_columns", "Rename column", ["input_column": .text(key + kept), "new_name": .text(key)])
    }
    if how == "right" { note(.info, "puts the keys after the columns of the left side") }
    return [draft, drop] + renames
  }

  private mutating func concatenate(_ given: Parameters) throws -> [DraftedNode] {
    var parameters: Parameters = ["concatenate_type": "row_wise", "apply_dedupe": .flag(given.flag("distinct"))]
    if let origin = given.text("origin")?.trimmed {
      guard step.inputs.count == 2 else { throw Unmapped("Data Wrangler names the origin of rows of two tables only") }
      parameters["indicator_col_name"] = .text(origin)
      for (place, key) in ["df1_indicator", "df2_indicator"].enumerated() {
        parameters[key] = .text(graph[step.inputs[place]]?.title ?? "")
      }
    }
    return [DraftedNode("concatenate_datasets", parameters)]
  }

  static func split(_ given: Parameters) -> DraftedNode {
    let parts = given.rows("parts").map { row -> Parameter in
      ["name": row["name"] ?? "", "percentage": row["share"] ?? 0]
    }
    var inner: Parameters = ["splits": .list(parts), "error": 0.0001]
    let variant: String
    switch given.text("method") ?? "random" {
    case "ordered":
      variant = "Ordered split"
      if let column = given.text("column") {
        inner["input_column"] = .text(column)
        inner["handle_duplicates"] = .flag(given.text("duplicates") ?? "apart" == "apart")
      }
    case "stratified":
      variant = "Stratified split"
      inner["input_column"] = given["stratify"]
    case "key":
      variant = "Split by key"
      inner["key_columns"] = named(given.texts("keys"))
    default: variant = "Randomized split"
    }
    if variant != "Ordered split", let seed = given.integer("seed"), seed != 0 { inner["seed"] = .number(Double(seed)) }
    return DraftedNode("split", variant, inner)
  }

  private mutating func customSQL(_ given: Parameters) throws -> [DraftedNode] {
    guard step.inputs.count == 1 else { throw Unmapped("Data Wrangler's SQL reads one table") }
    note(.differs, "is written for DuckDB", why: "Data Wrangler runs Spark's SQL", advice: "Look at it there")
    return [Self.code(SparkSQL.spark(SelectStatement.trimmed(given.text("query") ?? "")))]
  }

  // MARK: - Missing values and outliers

  private mutating func missing(_ id: String, _ given: Parameters, _ columns: [String]) throws -> [DraftedNode] {
    if !given.flag("blank") {
      note(.info, "takes blank texts as missing there", why: "Data Wrangler always does")
    }
    let input = named(columns)
    switch id {
    case FillMissing.info.id:
      return [
        DraftedNode(
          "handle_missing", "Fill missing", ["input_column": input, "fill_value": Self.text(given["value"])])
      ]
    case MissingIndicator.info.id:
      let suffix = given.text("suffix") ?? "_missing"
      if suffix == "_indicator" {
        return [DraftedNode("handle_missing", "Add indicator for missing", ["input_column": input])]
      }
      return columns.map { column in
        DraftedNode(
          "handle_missing", "Add indicator for missing",
          ["input_column": named([column]), "output_column": .text(column + suffix)])
      }
    case DropMissingRows.info.id:
      guard given.text("how") ?? "any" == "any" else {
        guard columns.isEmpty else { throw Unmapped("Data Wrangler drops rows in which all columns are missing") }
        return [DraftedNode("manage_rows", "Drop empty", [:])]
      }
      let rows: Parameters = columns.isEmpty ? [:] : ["input_column": input]
      return [
        DraftedNode(
          "handle_missing", "Drop missing", ["dimension": "Drop Rows", "drop_rows_parameters": .record(rows.values)])
      ]
    default:
      noteUnseen()
      var inner: Parameters = ["threshold": given["share"] ?? 0.5]
      if !columns.isEmpty { inner["input_column"] = input }
      return [
        DraftedNode(
          "handle_missing", "Drop missing",
          ["dimension": "Drop Columns", "drop_columns_parameters": .record(inner.values)])
      ]
    }
  }

  private static func text(_ parameter: Parameter?) -> Parameter {
    switch parameter {
    case .number(let number)?: .text(NodeArguments.written(number))
    case .flag(let flag)?: .text(flag ? "true" : "false")
    case let other?: other
    case nil: ""
    }
  }

  private mutating func outliers(_ given: Parameters, _ columns: [String]) throws -> DraftedNode {
    let fix = ["clip": "Clip", "remove": "Remove"][given.text("fix") ?? "clip"] ?? "Invalidate"
    var inner: Parameters = ["input_column": named(columns), "fix_method": .text(fix)]
    let variant: String
    switch given.text("method") ?? "" {
    case "standard-deviation":
      variant = "Standard deviation numeric outliers"
      inner["standard_deviations"] = given["deviations"]
    case "quantile":
      variant = "Quantile numeric outliers"
      (inner["lower_quantile"], inner["upper_quantile"]) = (given["lower"], given["upper"])
    case "limits":
      variant = "Min-max numeric outliers"
      guard let low = given["min"], let high = given["max"] else { throw Unmapped("Data Wrangler wants both limits") }
      (inner["lower_threshold"], inner["upper_threshold"]) = (low, high)
    default:
      variant = "Robust standard deviation numeric outliers"
      inner["standard_deviations"] = given["robustDeviations"]
      (inner["lower_quantile"], inner["upper_quantile"]) = (given["lower"], given["upper"])
      note(.differs, "leaves values outside of the quantiles out there", why: "here they are clipped to them")
    }
    if fix == "Remove" { note(.differs, "removes rows with missing values too there", why: "here they stay") }
    return DraftedNode("handle_outliers", variant, inner)
  }

  // MARK: - Categories and numbers

  private mutating func encode(_ id: String, _ given: Parameters, _ columns: [String]) throws -> [DraftedNode] {
    let invalid = ["missing": "Replace with NaN", "zeros": "Keep", "keep": "Keep", "skip": "Skip", "error": "Error"]
    let unseen = given.text("unseen") ?? ""
    let policy = Parameter.text(invalid[unseen] ?? "Keep")
    let isVector = given.text("output") == "vector"
    switch id {
    case EncodeOrdinal.info.id:
      if given.text("order") != "frequency" {
        note(.differs, "numbers categories by their frequency there", why: "here they are in the order of the alphabet")
      }
      guard let suffix = given.text("suffix") else {
        return [
          DraftedNode(
            "encode_categorical", "Ordinal encode",
            ["input_column": named(columns), "invalid_handling_strategy": policy])
        ]
      }
      return columns.map { column in
        DraftedNode(
          "encode_categorical", "Ordinal encode",
          [
            "input_column": named([column]), "invalid_handling_strategy": policy,
            "output_column": .text(column + suffix),
          ])
      }
    case EncodeOneHot.info.id:
      let drop = given.text("drop") ?? "none"
      if drop == "first" { throw Unmapped("Data Wrangler leaves out the last category or none") }
      if given.flag("keep") { throw Unmapped("Data Wrangler does not keep the encoded column") }
      if unseen == "keep", !isVector { throw Unmapped("Data Wrangler has no column of unseen categories") }
      // A vector without a place for invalid values is one whose last place is dropped.
      let dropsLast = drop == "last" || (unseen == "zeros" && isVector)
      if drop == "last", unseen == "zeros" || unseen == "keep" {
        throw Unmapped("Data Wrangler drops the place of unseen categories before any other")
      }
      return [
        DraftedNode(
          "encode_categorical", "One-hot encode",
          [
            "input_column": named(columns), "invalid_handling_strategy": policy, "drop_last": .flag(dropsLast),
            "input_already_ordinal_encoded": .flag(given.flag("ordinal")),
            "output_style": isVector ? "Vector" : "Columns",
          ])
      ]
    default:
      let inner: Parameters = [
        "input_column": named(columns), "target_dimension": given["dimension"] ?? 30,
        "output_style": isVector ? "Vector" : "Columns",
      ]
      let gone = !isVector && !given.flag("keep")
      return [DraftedNode("encode_categorical", "Similarity encode", inner)]
        + (gone ? dropping(["drop": true], columns) : [])
    }
  }

  private func scale(_ given: Parameters, _ columns: [String]) -> DraftedNode {
    var inner: Parameters = ["input_column": named(columns)]
    let scaler: String
    switch given.text("method") ?? "standard" {
    case "robust":
      scaler = "Robust scaler"
      (inner["lower_quantile"], inner["upper_quantile"]) = (given["lower"], given["upper"])
      (inner["center"], inner["scale"]) = (given["center"], given["scale"])
    case "min-max":
      scaler = "Min-max scaler"
      (inner["min"], inner["max"]) = (given["min"], given["max"])
    case "max-abs": scaler = "Max absolute scaler"
    default:
      scaler = "Standard scaler"
      (inner["center"], inner["scale"]) = (given["center"], given["scale"])
    }
    return DraftedNode(
      "process_numeric", "Scale values", ["scaler": .text(scaler), DraftedNode.key(scaler): .record(inner.values)])
  }

  private mutating func components(_ given: Parameters, _ columns: [String]) -> DraftedNode {
    noteUnseen()
    var inner: Parameters = [
      "input_columns": named(columns), "center": given["center"] ?? true, "scale": given["scale"] ?? false,
      "output_format": given.text("output") == "vector" ? "Vector" : "Columns",
      "output_prefix": given["prefix"] ?? "pc",
      "keep_inputs": given["keep"] ?? false,
    ]
    if given.text("choose") == "count" {
      inner["number_of_components"] = given["count"]
    } else {
      inner["variance_threshold"] = given["variance"]
    }
    return DraftedNode("dimensionality_reduction", "PCA", inner)
  }

  // MARK: - Series and nested values

  private mutating func series(_ id: String, _ given: Parameters, _ columns: [String]) throws -> DraftedNode {
    func node(_ variant: String, _ inner: Parameters) -> DraftedNode {
      DraftedNode("time_series", ["operator": .text(variant), "\(variant)_parameters": .record(inner.values)])
    }
    let ids = given.texts("ids")
    var inner: Parameters = [:]
    if let time = given.text("time") { inner["timestamp_column"] = .text(time) }
    if ids.count == 1 { inner["id_column"] = .text(ids[0]) }
    if ids.count > 1 { inner["id_column"] = named(ids) }
    switch id {
    case ValidateTimestamps.info.id:
      guard given.text("format") == nil, given.text("earliest") == nil, given.text("latest") == nil else {
        throw Unmapped("Data Wrangler checks no format and no bounds")
      }
      var own: Parameters = ["timestamp_column": given["column"] ?? "", "policy": given["policy"] ?? "drop"]
      if let name = given.text("name") { own["output_column"] = .text(name) }
      return node("Validate timestamps", own)
    case FillSeries.info.id: return node("Handle missing", try fill(given, columns, ids))
    case Resample.info.id:
      inner["frequency"] = try frequency(given)
      inner["downsample"] = [
        "numeric": given["numbers"] ?? "mean",
        "non_numeric": given.text("others") == "mode" ? "most common" : given["others"] ?? "most common",
      ]
      func up(_ name: String) -> Parameter { given.text(name) == "forward" ? "ffill" : given[name] ?? "linear" }
      inner["upsample"] = ["numeric": up("fill"), "non_numeric": up("fillOthers")]
      return node("Resample", inner)
    default: break
    }
    noteUnseen()
    inner["sequence_column"] = columns.count == 1 ? .text(columns[0]) : named(columns)
    switch id {
    case LagFeatures.info.id:
      inner["lag"] = given["lag"]
      (inner["include_all_lags"], inner["drop_rows"]) = (given["window"], given["dropMissing"])
      return node("Lag features", inner)
    case GroupSeries.info.id: return node("Group by", inner)
    case SeriesFeatures.info.id:
      inner["strategy"] = given.text("features") == "minimal" ? "Minimal" : "Efficient"
      return node("Extract features", inner)
    case DatetimeRange.info.id:
      var own: Parameters = ["start": given["start"] ?? "", "frequency": try frequency(given)]
      own["output_column"] = given["name"]
      return node("Datetime range", own)
    default: throw Unmapped("Data Wrangler brings lists to one length, not rows")
    }
  }

  private func frequency(_ given: Parameters) throws -> Parameter {
    let names = [
      "second": "Second", "minute": "Minute", "hour": "Hourly", "day": "Calendar day", "week": "Week",
      "month": "Month", "quarter": "Annual Quarter", "year": "Year",
    ]
    let unit = given.text("unit") ?? "day"
    return ["quantity": given["quantity"] ?? 1, "offset_description": .text(names[unit] ?? unit)]
  }

  private func fill(_ given: Parameters, _ columns: [String], _ ids: [String]) throws -> Parameters {
    guard columns.count == 1 else { throw Unmapped("Data Wrangler fills one column in a step") }
    guard (given.number("most") ?? 1) >= 1, given.number("limit") == nil else {
      throw Unmapped("Data Wrangler fills without a limit")
    }
    let names = [
      "constant": "Constant Value", "most-common": "Most Common Value", "forward": "Forward Fill",
      "backward": "Backward Fill",
    ]
    let method = names[given.text("method") ?? ""] ?? "Interpolate"
    let leftovers = ["nearest": "Fill with Forward/Backward feed", "drop": "Drop"]
    var inner: Parameters = [
      "hmac_sequence_column": .text(columns[0]), "hmac_output_column": "", "hmac_strategy": .text(method),
      "hmac_leftovernans": .text(leftovers[given.text("leftover") ?? ""] ?? "Keep"),
    ]
    if let time = given.text("time") { inner["hmac_timestamp_column"] = .text(time) }
    if !ids.isEmpty { inner["hmac_id_column"] = ids.count == 1 ? .text(ids[0]) : named(ids) }
    if method == "Constant Value" {
      inner["hmac_strategy_\(method)_parameters"] = ["hmac_custom_value": Self.text(given["value"])]
    }
    return ["hm_input_type": "Along column", "hm_input_type_Along column_parameters": .record(inner.values)]
  }

  private mutating func nested(_ id: String, _ given: Parameters, _ columns: [String]) throws -> [DraftedNode] {
    noteUnseen()
    let column = given["column"] ?? ""
    switch id {
    case Assemble.info.id:
      let inner: Parameters = [
        "input_columns": named(columns), "output_column": given["name"] ?? "vector",
        "invalid_handling_strategy": given.text("missing") == "drop" ? "Skip" : "Keep",
      ]
      return [DraftedNode("manage_vectors", "Assemble", inner)] + dropping(given, columns)
    case Flatten.info.id:
      if given.text("method") == "longest" { throw Unmapped("Data Wrangler takes the length of the first list") }
      var inner: Parameters = ["input_column": column]
      let prefix = given.text("prefix") ?? (column.text ?? "") + "_"
      inner["output_prefix"] = .text(prefix.hasSuffix("_") ? String(prefix.dropLast()) : prefix)
      if given.text("method") == "given" { inner["length"] = given["length"] }
      return [DraftedNode("manage_vectors", "Flatten", inner)]
    case Explode.info.id:
      if given.text("position") != nil { throw Unmapped("Data Wrangler tells no places of elements") }
      return [DraftedNode("handle_structured_column", "Explode array", ["input_column": column])]
    default:
      var inner: Parameters = ["input_column": column]
      if let prefix = given.text("prefix") { inner["output_prefix"] = .text(prefix) }
      let keys = given.texts("keys")
      if !keys.isEmpty { inner["keys"] = named(keys) }
      let gone = given.flag("keep") ? [] : dropping(["drop": true], [column.text ?? ""])
      return [DraftedNode("handle_structured_column", "Unnest", inner)] + gone
    }
  }
}
