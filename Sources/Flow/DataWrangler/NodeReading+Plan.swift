// Which operator becomes what. One line for each; the families stand beside this file.

import Frame

extension NodeReading {
  /// What the node becomes.
  /// - Throws: `Unmapped` where it has no counterpart.
  func plan() throws -> NodePlan {
    switch node.kind {
    case "infer_and_cast_type": NodePlan(steps: inferredTypes())
    case "cast_single_data_type", "parse_column_type": NodePlan(steps: try castColumn())
    case "manage_columns": NodePlan(steps: try manageColumns())
    case "manage_rows": NodePlan(steps: try manageRows())
    case "handle_missing": NodePlan(steps: try handleMissing())
    case "handle_outliers": NodePlan(steps: try handleOutliers())
    case "encode_categorical": NodePlan(steps: try encodeCategories())
    case "process_numeric": NodePlan(steps: try processNumeric())
    case "featurize_text": NodePlan(steps: try featurizeText())
    case "featurize_date_time", "featurize_datetime", "date_time": NodePlan(steps: try featurizeDates())
    case "format_string": NodePlan(steps: try formatText())
    case "search_and_edit": NodePlan(steps: try searchAndEdit())
    case "validate_string": NodePlan(steps: try validateText())
    case "custom_formula": NodePlan(steps: try customFormula())
    case "custom_code", "custom_pandas", "custom_pyspark", "custom_sql", "custom_udf":
      NodePlan(steps: try customCode())
    case "join_tables", "join_multi_keys": NodePlan(steps: [try join()])
    case "concatenate_datasets", "concatenate", "concatenate_tables": try concatenate()
    case "split": NodePlan(split: try split())
    case "balance_data": NodePlan(steps: [try balance()])
    case "sampling": NodePlan(steps: [try sample()])
    case "time_series": NodePlan(steps: try timeSeries())
    case "dimensionality_reduction": NodePlan(steps: [try reduceDimensions()])
    case "manage_vectors", "manage_vector": NodePlan(steps: try manageVectors())
    case "handle_structured_column", "structured_column", "unnest_json", "explode_array", "flatten_json":
      NodePlan(steps: try unnest())
    default: throw Unmapped("assay knows no operator \"\(node.kind)\"")
    }
  }

  /// Copies of columns under their output's name, and the columns that the step then changes in place. Data Wrangler
  /// writes into the column itself where it names no output; with several columns the name is a prefix.
  func outputs(_ arguments: NodeArguments, _ columns: [String]) -> (copies: [DraftedStep], columns: [String]) {
    guard let output = arguments.text("output_column", "output_prefix", "output_column_prefix"), columns != [output]
    else { return ([], columns) }
    let names = columns.map { columns.count == 1 ? output : "\(output)_\($0)" }
    let copies = zip(columns, names).map { column, name in
      DraftedStep(DuplicateColumn.info.id, ["column": .text(column), "name": .text(name)])
    }
    return (copies, names)
  }

  func required(_ arguments: NodeArguments, _ key: String = "input_column") throws -> [String] {
    let columns = arguments.columns(key)
    guard !columns.isEmpty else { throw Unmapped("it names no column") }
    return columns
  }

  /// The counterpart of a word, whatever its capitals.
  func word<Choice>(_ given: String?, _ choices: [String: Choice], of what: String) throws -> Choice {
    let key = NodeArguments.snake(given ?? "")
    for (name, choice) in choices where NodeArguments.snake(name) == key { return choice }
    throw Unmapped("assay has no \(what) \"\(given ?? "")\"")
  }
}

/// A list of names as a parameter.
func named(_ columns: [String]) -> Parameter { .list(columns.map(Parameter.text)) }
