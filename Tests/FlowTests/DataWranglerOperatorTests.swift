import Foundation
import Frame
import Testing

@testable import Flow

/// Single operators, there and back.
struct DataWranglerOperatorTests {
  /// A source, one node below it for each operator, and what they become.
  private func imported(_ nodes: [(String, Parameters)], trained: Parameters? = nil) throws -> DataWranglerImport {
    var document = DataWranglerDocument(nodes: [
      .init(
        id: "n0", type: "SOURCE", operatorID: "sagemaker.s3_source_0.1",
        parameters: [
          "dataset_definition": [
            "name": "a.csv",
            "s3ExecutionContext": ["s3Uri": "s3://b/a.csv", "s3ContentType": "csv", "s3HasHeader": true],
          ]
        ], outputs: [.init()])
    ])
    for (place, node) in nodes.enumerated() {
      document.nodes.append(
        .init(
          id: "n\(place + 1)", type: "TRANSFORM", operatorID: "sagemaker.spark.\(node.0)_0.1", parameters: node.1,
          trained: trained, inputs: [.init(name: "df", nodeID: "n\(place)")]))
    }
    return try DataWranglerImport(document)
  }

  private func steps(_ kind: String, _ parameters: Parameters, trained: Parameters? = nil) throws -> [Step] {
    Array(try imported([(kind, parameters)], trained: trained).graph.steps.dropFirst())
  }

  private func spec(_ step: Step?) -> TransformSpec? {
    if case .transform(let spec)? = step?.operation { spec } else { nil }
  }

  @Test func columnsStandAloneOrInAList() throws {
    for columns in ["a", ["a"]] as [Parameter] {
      let step = try steps(
        "manage_columns",
        [
          "operator": "Drop column", "drop_column_parameters": ["column_to_drop": columns],
          "rename_column_parameters": ["input_column": "z"],
        ])
      #expect(step.map(\.operation) == [.drop(["a"])])
    }
  }

  @Test func severalColumnsAreRenamedAtOnce() throws {
    let parameters: Parameters = [
      "operator": "Rename column",
      "rename_column_parameters": [
        "columns_to_rename": [["input_column": "a", "new_name": "b"]], "input_column": "c", "new_name": "d",
      ],
    ]
    #expect(
      try steps("manage_columns", parameters).map(\.operation)
        == [.rename([Renaming("a", to: "b"), Renaming("c", to: "d")])])
  }

  @Test func placesOfColumnsCountFromOneHere() throws {
    let step = try steps(
      "manage_columns",
      [
        "operator": "Move column",
        "move_column_parameters": [
          "move_type": "Move to index", "move_to_index_parameters": ["column_to_move": "a", "index": "0"],
          "move_to_start_parameters": ["column_to_move": "z"],
        ],
      ])
    #expect(spec(step.first)?.parameters == ["columns": ["a"], "to": "index", "index": 1])
  }

  @Test func blankTextsAreMissingThere() throws {
    let fill = try steps(
      "handle_missing",
      ["operator": "Fill missing", "fill_missing_parameters": ["input_column": ["a"], "fill_value": "0"]])
    #expect(spec(fill.first)?.parameters == ["columns": ["a"], "value": "0", "blank": true])
    let newForm = try steps(
      "handle_missing", ["operator": "Drop missing", "drop_missing_parameters": ["input_column": "a"]])
    let oldForm = try steps(
      "handle_missing",
      [
        "operator": "Drop missing",
        "drop_missing_parameters": ["dimension": "Drop Rows", "drop_rows_parameters": ["input_column": "a"]],
      ])
    #expect(newForm.map(\.operation) == oldForm.map(\.operation))
    #expect(spec(newForm.first)?.id == "drop-missing-rows")
  }

  @Test func anOutputOfAnotherNameIsACopyThatIsChanged() throws {
    let scaled = try steps(
      "process_numeric",
      [
        "operator": "Scale values",
        "scale_values_parameters": [
          "scaler": "Robust scaler",
          "robust_scaler_parameters": ["input_column": "a", "output_column": "b", "lower_quantile": "0.1"],
        ],
      ])
    #expect(spec(scaled.first) == TransformSpec("duplicate", ["column": "a", "name": "b"]))
    #expect(
      spec(scaled.last)?.parameters == [
        "columns": ["b"], "method": "robust", "center": false, "scale": true, "lower": 0.1, "upper": 0.75,
      ])
  }

  @Test func whatWasLearntInTheOpenIsKept() throws {
    let outliers = try steps(
      "handle_outliers",
      [
        "operator": "Quantile numeric outliers",
        "quantile_numeric_outliers_parameters": ["input_column": ["a", "b"], "fix_method": "Clip"],
      ],
      trained: [
        "quantile_numeric_outliers_parameters": [
          ["input_column": "b", "lower_threshold": -1, "upper_threshold": 1],
          ["input_column": "a", "lower_threshold": "2", "upper_threshold": 3],
        ]
      ])
    #expect(outliers.first?.learned == ["a": ["low": "2", "high": 3], "b": ["low": -1, "high": 1]])
    let ordinal = try steps(
      "encode_categorical",
      [
        "operator": "Ordinal encode",
        "ordinal_encode_parameters": ["input_column": "a", "invalid_handling_strategy": "Skip"],
      ],
      trained: ["ordinal_encode_parameters": ["encoder_mapping": ["1": "x", "0": "y"]]])
    #expect(ordinal.first?.learned == ["a": ["y", "x"]])
    #expect(spec(ordinal.first)?.parameters["unseen"] == "skip")
    let rare = try steps(
      "handle_outliers",
      [
        "operator": "Replace rare values",
        "replace_rare_values_parameters": [
          "input_column": "a", "replacement_string": "rare", "absolute_threshold": "3",
        ],
      ], trained: ["replace_rare_values_parameters": ["common_categories": ["x", .missing]]])
    #expect(rare.first?.learned == ["a": ["x"]])
    #expect(spec(rare.first)?.parameters["count"]?.number == 3)
    let impute = try steps(
      "handle_missing",
      [
        "operator": "Impute",
        "impute_parameters": [
          "column_type": "Numeric", "numeric_parameters": ["input_column": "a", "strategy": "Mean"],
        ],
      ], trained: ["impute_parameters": ["numeric_parameters": ["impute_value": 1.5]]])
    #expect(impute.first?.fitted == ["a": .real(1.5)])
  }

  @Test func modelsOfSparkAreLearntAgainAndSaidSo() throws {
    let imported = try imported(
      [
        (
          "encode_categorical",
          [
            "operator": "One-hot encode",
            "one_hot_encode_parameters": [
              "input_column": "a", "invalid_handling_strategy": "Keep", "drop_last": false, "output_style": "Columns",
            ],
          ]
        )
      ], trained: ["one_hot_encode_parameters": ["string_indexer_model": "P)h>@"]])
    #expect(imported.graph.steps[1].learned == nil)
    #expect(imported.notes.map(\.what) == ["learns the categories again from the data"])
  }

  @Test(arguments: [
    ("Keep", false, "Columns", "zeros", "none"), ("Keep", false, "Vector", "keep", "none"),
    ("Keep", true, "Vector", "zeros", "none"), ("Skip", true, "Columns", "skip", "last"),
    ("Error", false, "Columns", "error", "none"),
  ]) func oneHotPoliciesMeanWhatTheyMeanInSpark(
    policy: String, dropsLast: Bool, style: String, unseen: String, drop: String
  ) throws {
    let step = try steps(
      "encode_categorical",
      [
        "operator": "One-hot encode",
        "one_hot_encode_parameters": [
          "input_column": "a", "invalid_handling_strategy": .text(policy), "drop_last": .flag(dropsLast),
          "output_style": .text(style),
        ],
      ])
    #expect(spec(step.first)?.parameters["unseen"]?.text == unseen)
    #expect(spec(step.first)?.parameters["drop"]?.text == drop)
  }

  @Test func formulasAreExpressionsWhereBothReadThemAlike() throws {
    func step(_ formula: String) throws -> Step? {
      try steps("custom_formula", ["output_column": "n", "formula": .text(formula)]).first
    }
    #expect(try step("0.3*valence + `my col`")?.operation == .derive(name: "n", expression: "0.3*valence + \"my col\""))
    #expect(try step("if(a > 1, \"x\", 'y')")?.operation == .derive(name: "n", expression: "if(a > 1, 'x', 'y')"))
    // Parts that are missing: concat gives nothing there, and leaves them out here.
    let joined = try step("concat(a, \"it's\", `b c`)")
    #expect(spec(joined)?.parameters["query"] == "SELECT *, concat(a, 'it''s', \"b c\") AS \"n\" FROM data")
    #expect(spec(try step("a || b"))?.id == "sql")
    #expect(spec(try step("n || '!'"))?.parameters["query"] == "SELECT * REPLACE (n || '!' AS \"n\") FROM data")
    #expect(spec(try step("nvl(a, 0)"))?.parameters["query"] == "SELECT *, coalesce(a, 0) AS \"n\" FROM data")
    #expect(spec(try step("1; DROP TABLE x"))?.id == "foreign")
  }

  @Test func codeInSQLRunsAndCodeInPythonIsKept() throws {
    let code = { (operation: String, key: String, text: String) -> Parameters in
      ["operator": .text(operation), key: ["code": .text(text)], "name": "mine"]
    }
    let sql = try steps("custom_code", code("SQL (PySpark SQL)", "sql_parameters", "SELECT `a b`, 'df' AS t FROM df"))
    #expect(spec(sql.first)?.parameters["query"] == "SELECT \"a b\", 'df' AS t FROM data")
    #expect(sql.first?.name == "mine")
    let filter = try steps("custom_code", code("SQL (PySpark SQL)", "sql_parameters", "select * from df where a > 1"))
    #expect(filter.map(\.operation) == [.filter("a > 1")])
    let python = try imported([("custom_code", code("Python (Pandas)", "pandas_parameters", "df = df"))])
    #expect(spec(python.graph.steps.last)?.id == "foreign")
    #expect(python.notes.map(\.weight) == [.missing])
    #expect(python.graph.steps.last?.operation.summary.contains("Python (Pandas)") == true)
  }

  @Test func anUnknownOperatorIsKeptAndWrittenBack() throws {
    let parameters: Parameters = ["operator": "Zap", "zap_parameters": ["x": [1, .missing, true]]]
    let first = try imported([("quantum_leap", parameters)])
    #expect(first.notes.map(\.why) == ["assay knows no operator \"quantum_leap\""])
    let document = DataWranglerExport(first.graph).document
    let node = try #require(document.nodes.last)
    #expect(node.operatorID == "sagemaker.spark.quantum_leap_0.1")
    #expect(node.parameters == parameters)
    #expect(try DataWranglerImport(rewritten(document)).graph == first.graph)
  }

  @Test func aParameterThatNobodyReadsIsNamed() throws {
    let imported = try imported([
      (
        "format_string",
        ["operator": "Lower case", "lower_case_parameters": ["input_column": "a", "locale": "tr", "empty": ""]]
      )
    ])
    #expect(imported.notes.map(\.what) == ["does without locale = tr"])
    #expect(imported.notes.map(\.weight) == [.differs])
  }

  @Test func datesAreReadInTheFormatOfTheOtherProgram() throws {
    let step = try steps(
      "cast_single_data_type", ["column": "d", "original_data_type": "String", "data_type": "date"])
    #expect(spec(step.first)?.parameters == ["columns": ["d"], "to": "date", "formats": ["%d-%m-%Y"]])
    let drop = try steps(
      "cast_single_data_type",
      ["column": "d", "data_type": "long", "non_castable_data_handling_method": "drop"])
    #expect(drop.map(\.operation.kind.rawValue) == ["cast", "drop-missing-rows"])
  }

  @Test func tablesThatAreConcatenatedNameTheirOrigin() throws {
    var document = try dataWranglerFlow("join")
    let tops = Array(document.nodes.filter { $0.type == "SOURCE" })
    document.nodes = tops
    document.nodes.append(
      .init(
        id: "c", type: "TRANSFORM", operatorID: "sagemaker.spark.concatenate_datasets_0.1",
        parameters: [
          "concatenate_type": "row_wise", "apply_dedupe": false, "indicator_col_name": "from", "df1_indicator": "it's",
          "df2_indicator": "b",
        ], inputs: tops.map { .init(name: "df", nodeID: $0.id) }))
    let graph = try DataWranglerImport(document).graph
    #expect(graph.steps.count == 5)
    #expect(graph.steps.contains { $0.operation == .derive(name: "from", expression: "'it''s'") })
    let last = try #require(graph.steps.last)
    #expect(last.operation.kind.rawValue == "concatenate")
    #expect(last.inputs.allSatisfy { graph[$0]?.operation.kind == .derive })
  }

  @Test func keysOfBothSidesStayAfterAJoin() throws {
    let database = try Database()
    let sql = "SELECT 1 AS k, 'a' AS v"
    var graph = FlowGraph()
    let (left, right) = (graph.addSource(Source(location: "l.csv")), graph.addSource(Source(location: "r.csv")))
    let relation = Relation(sql: sql, schema: try database.describe(sql))
    let keys: Parameter = [["left": "k", "right": "K"]]
    let both = try graph.add(
      .transform(TransformSpec("join", ["keys": keys, "keepKeys": true])), after: left, and: [right])
    let once = try graph.add(.transform(TransformSpec("join", ["keys": keys])), after: left, and: [right])
    let compiler = Compiler(graph, relations: [left: relation, right: relation])
    #expect(try compiler.schema(of: both).map(\.name) == ["k_0", "v_0", "k_1", "v_1"])
    #expect(try database.query(compiler.sql(for: both)).columns.map(\.column.name) == ["k_0", "v_0", "k_1", "v_1"])
    #expect(try compiler.schema(of: once).map(\.name) == ["k", "v_0", "v_1"])
  }

  /// Steps that come back as they went.
  private static let same: [Flow.Operation] =
    [
      .drop(["a", "b"]), .rename([Renaming("a", to: "b")]), .rename([Renaming("a", to: "x"), Renaming("b", to: "y")]),
      .filter("a > 1"), .derive(name: "n", expression: "a + 1"), .sort([SortKey("a"), SortKey("b", descending: true)]),
      .sort([SortKey("a")]), .sample(.first(10)), .sample(.random(10, seed: 3)), .sample(.fraction(0.5, seed: 0)),
      .sample(.stratified(5, column: "a", seed: 1)), .cast([Cast("a", to: .integer)]), .cast([Cast("a", to: .date)]),
      .impute([ImputeRule("a", .mean), ImputeRule("b", .mean)]), .impute([ImputeRule("a", .median)]),
      .impute([ImputeRule("a", .mode)]),
    ] + specs.map { .transform($0) }

  private static let specs: [TransformSpec] = [
    TransformSpec("duplicate", ["column": "a", "name": "b"]),
    TransformSpec("move", ["columns": ["a"], "to": "after", "anchor": "b"]),
    TransformSpec("move", ["columns": ["a", "b"], "to": "end"]),
    TransformSpec("move", ["columns": ["a"], "to": "index", "index": 3]),
    TransformSpec("combine-columns", ["columns": ["a", "b"], "name": "c", "separator": "-"]),
    TransformSpec("drop-duplicates"), TransformSpec("shuffle"),
    TransformSpec("fill-missing", ["columns": ["a"], "value": "0", "blank": true]),
    TransformSpec("missing-indicator", ["columns": ["a", "b"], "suffix": "_indicator", "blank": true]),
    TransformSpec("drop-missing-rows", ["columns": ["a"], "blank": true]),
    TransformSpec("drop-missing-rows", ["how": "all"]),
    TransformSpec("drop-missing-columns", ["share": 0.2, "blank": true]),
    TransformSpec("outliers", ["columns": ["a"], "method": "standard-deviation", "deviations": 3, "fix": "remove"]),
    TransformSpec("outliers", ["columns": ["a"], "method": "robust-deviation", "fix": "invalidate"]),
    TransformSpec("outliers", ["columns": ["a"], "method": "quantile"]),
    TransformSpec("outliers", ["columns": ["a"], "method": "limits", "min": -1, "max": 1]),
    TransformSpec("replace-rare", ["columns": ["a"], "replacement": "x", "count": 2, "categories": 5]),
    TransformSpec("encode-ordinal", ["columns": ["a", "b"], "order": "frequency", "unseen": "keep"]),
    TransformSpec("encode-one-hot", ["columns": ["a"], "unseen": "skip", "drop": "last"]),
    TransformSpec("encode-one-hot", ["columns": ["a"], "unseen": "zeros"]),
    TransformSpec("encode-one-hot", ["columns": ["a"], "unseen": "zeros", "output": "vector"]),
    TransformSpec("encode-one-hot", ["columns": ["a"], "unseen": "keep", "output": "vector", "ordinal": true]),
    TransformSpec("encode-similarity", ["columns": ["a"], "dimension": 10, "keep": true]),
    TransformSpec("scale", ["columns": ["a"], "method": "standard", "center": false]),
    TransformSpec("scale", ["columns": ["a", "b"], "method": "robust", "lower": 0.1, "upper": 0.9]),
    TransformSpec("scale", ["columns": ["a"], "method": "min-max", "min": -1, "max": 2]),
    TransformSpec("scale", ["columns": ["a"], "method": "max-abs"]),
    TransformSpec("balance", ["target": "a", "method": "oversample", "ratio": 0.5]),
    TransformSpec("balance", ["target": "a", "method": "smote", "neighbors": 3]),
    TransformSpec("pca", ["columns": ["a", "b"], "choose": "count", "count": 1, "keep": true]),
    TransformSpec("pca", ["columns": ["a", "b"], "variance": 0.9, "scale": true, "output": "vector"]),
    TransformSpec("text-statistics", ["columns": ["a"]]),
    TransformSpec(
      "vectorise",
      ["column": "a", "prefix": "a_", "idf": "spark", "tokenizer": "custom", "pattern": "\\W+", "binary": true]),
    TransformSpec("vectorise", ["column": "a", "prefix": "x_", "vectorizer": "hashing", "output": "list"]),
    TransformSpec("date-parts", ["columns": ["a"], "parts": ["year", "month"], "prefix": "a_"]),
    TransformSpec("date-parts", ["columns": ["a"], "parts": ["hour"], "prefix": "a_", "embedding": "cyclic"]),
    TransformSpec("format-text", ["columns": ["a", "b"], "method": "pad-left", "width": 5, "fill": "0"]),
    TransformSpec("format-text", ["columns": ["a"], "method": "remove-symbols", "symbols": "-/"]),
    TransformSpec("format-text", ["columns": ["a"], "method": "title"]),
    TransformSpec("format-text", ["columns": ["a"], "method": "prefix", "text": "x"]),
    TransformSpec("format-text", ["columns": ["a"], "method": "strip", "characters": ". "]),
    TransformSpec(
      "find-text",
      ["columns": ["a"], "method": "matches", "where": "start", "pattern": "x+", "suffix": "_m", "ignore_case": true]),
    TransformSpec(
      "find-text",
      ["columns": ["a"], "method": "position", "pattern": "x", "suffix": "_p", "side": "right", "start": 3]),
    TransformSpec("find-text", ["columns": ["a"], "method": "all", "pattern": "x", "suffix": "_all"]),
    TransformSpec(
      "extract-text", ["columns": ["a"], "method": "regex", "pattern": "(x)", "group": 1, "suffix": "_part"]),
    TransformSpec(
      "extract-text", ["columns": ["a"], "method": "between", "left": "(", "right": ")", "suffix": "_part"]),
    TransformSpec("extract-text", ["columns": ["a"], "method": "position", "start": 2, "end": 4, "suffix": "_part"]),
    TransformSpec("replace-text", ["columns": ["a"], "method": "regex", "pattern": "(x)", "with": "\\1!"]),
    TransformSpec("replace-text", ["columns": ["a"], "method": "between", "left": "(", "right": ")", "with": "y"]),
    TransformSpec("replace-text", ["columns": ["a"], "method": "position", "start": 1, "end": 1, "with": "y"]),
    TransformSpec("replace-text", ["columns": ["a"], "method": "missing", "where": "whole", "pattern": "\\?"]),
    TransformSpec("split-text", ["column": "a", "delimiter": ";", "output": "list", "max": 2, "name": "p"]),
    TransformSpec(
      "validate-text", ["columns": ["a"], "check": "length", "min": 2, "max": 5, "output": "number", "suffix": "_ok"]),
    TransformSpec(
      "validate-text", ["columns": ["a"], "check": "starts-with", "text": "x", "output": "number", "suffix": "_ok"]),
    TransformSpec("parse", ["columns": ["a"], "to": "date", "formats": ["%d.%m.%Y"]]),
    TransformSpec("validate-timestamps", ["column": "a", "policy": "flag", "name": "ok"]),
    TransformSpec(
      "fill-series", ["columns": ["a"], "time": "t", "ids": ["i"], "method": "forward", "leftover": "nearest"]),
    TransformSpec(
      "fill-series", ["columns": ["a"], "time": "t", "method": "constant", "value": "0", "leftover": "drop"]),
    TransformSpec("resample", ["time": "t", "ids": ["i"], "unit": "hour", "quantity": 2, "numbers": "sum"]),
    TransformSpec(
      "lag-features", ["columns": ["a"], "time": "t", "ids": ["i"], "lag": 3, "window": true, "dropMissing": true]),
    TransformSpec("group-series", ["columns": ["a"], "time": "t", "ids": ["i"]]),
    TransformSpec("assemble", ["columns": ["a", "b"], "name": "v"]),
    TransformSpec("flatten", ["column": "a", "prefix": "a_", "method": "given", "length": 3]),
    TransformSpec("explode", ["column": "a", "empty": "drop"]),
    TransformSpec("unnest", ["column": "a", "prefix": "a_", "keys": ["x"], "keep": true]),
  ]

  @Test(arguments: same.indices) func aStepComesBackAsItWent(index: Int) throws {
    let operation = Self.same[index]
    #expect(operation.parameterFault == nil)
    var graph = FlowGraph()
    let source = graph.addSource(Source(location: "s3://b/a.csv"))
    try graph.add(operation, after: source)
    let export = DataWranglerExport(graph)
    let back = try DataWranglerImport(rewritten(export.document)).graph.steps.dropFirst().map(\.operation)
    func completed(_ operation: Flow.Operation) -> Flow.Operation {
      guard case .transform(let spec) = operation else { return operation }
      return .transform(spec.completed)
    }
    #expect(back.map(completed) == [completed(operation)])
    #expect(export.notes.filter { $0.weight == .missing }.isEmpty)
  }

  @Test(arguments: [
    TransformSpec("window", ["columns": ["a"]]), TransformSpec("encode-target", ["columns": ["a"], "target": "b"]),
    TransformSpec("encode-one-hot", ["columns": ["a"], "drop": "first"]),
  ]) func aStepThatOnlyAssayHasIsRefusedByName(spec: TransformSpec) throws {
    var graph = FlowGraph()
    let source = graph.addSource(Source(location: "s3://b/a.csv"))
    let step = try graph.add(.transform(spec), after: source)
    let export = DataWranglerExport(graph)
    let missing = try #require(export.notes.first { $0.weight == .missing })
    #expect(missing.step == step)
    #expect(missing.subject == graph[step]?.title)
    // It stops there instead of giving other rows.
    let code = export.document.nodes.last?.parameters["pyspark_parameters"]?.record?["code"]?.text
    #expect(code?.hasPrefix("raise NotImplementedError") == true)
  }

  @Test func aListIsWrittenAsSourcesBelowEachOther() throws {
    var graph = FlowGraph()
    let places = ["s3://b/a.csv", "s3://b/b.csv", "s3://b/c.csv"]
    let source = graph.addSource(Source(location: places[0], also: Array(places.dropFirst())))
    _ = try graph.add(.filter("x > 1"), after: source)
    let export = DataWranglerExport(graph)
    #expect(export.notes.filter { $0.weight == .missing }.isEmpty)
    let back = try DataWranglerImport(rewritten(export.document)).graph
    let read = back.sources.compactMap { step -> String? in
      if case .source(let source) = step.operation { source.location } else { nil }
    }
    #expect(read == places)
    let both = back.steps.filter { $0.operation.kind.rawValue == Concatenate.info.id }
    #expect(both.map { $0.inputs.count }.reduce(0, +) - both.count == 2)
    #expect(back.steps.last?.operation == .filter("x > 1"))
    // A file of this machine is said to be missing there, each by its name.
    let here = DataWranglerExport(
      {
        var graph = FlowGraph()
        _ = graph.addSource(Source(location: "/data/a.csv", also: ["/data/b.csv"]))
        return graph
      }())
    #expect(here.notes.filter { $0.weight == .missing }.map(\.advice).joined().contains("/data/b.csv"))
  }

  @Test func whatOnlySQLSaysBecomesCodeWhereColumnsAreKnown() throws {
    var graph = FlowGraph()
    let source = graph.addSource(Source(location: "s3://b/a.csv"))
    let group = try graph.add(
      .transform(TransformSpec("group-by", ["keys": ["k"], "aggregates": [["function": "mean", "column": "x"]]])),
      after: source)
    let schema = [Column(name: "k", type: "VARCHAR"), Column(name: "x", type: "DOUBLE")]
    let export = DataWranglerExport(graph, schemas: [source: schema])
    let code = export.document.nodes.last?.parameters["sql_parameters"]?.record?["code"]?.text
    #expect(code?.contains("FROM `df`") == true)
    #expect(code?.contains("GROUP BY") == true)
    #expect(export.notes.map(\.step) == [group])
    #expect(DataWranglerExport(graph).notes.first?.weight == .missing)
  }

  @Test func keysStandOnceAfterAJoinThatIsWritten() throws {
    var graph = FlowGraph()
    let left = graph.addSource(Source(location: "/data/l.csv"))
    let right = graph.addSource(Source(location: "s3://b/r.parquet"))
    try graph.add(
      .transform(TransformSpec("join", ["how": "left", "keys": [["left": "k", "right": "k"]]])), after: left,
      and: [right])
    let export = DataWranglerExport(graph)
    let kinds = export.document.nodes.map(\.kind)
    #expect(kinds.suffix(3) == ["join_tables", "manage_columns", "manage_columns"])
    #expect(export.notes.first?.advice == "Upload /data/l.csv, and put its address into s3Uri")
    let back = try DataWranglerImport(rewritten(export.document)).graph
    #expect(back.steps.suffix(2).map(\.operation) == [.drop(["k_1"]), .rename([Renaming("k_0", to: "k")])])
  }
}
