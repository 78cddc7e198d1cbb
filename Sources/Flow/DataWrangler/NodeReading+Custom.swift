// Formulas and code.

import Frame

extension NodeReading {
  /// The node as it is written: for steps that say the same in other words.
  var origin: Parameters {
    ["operator": .text(node.operatorID), "parameters": .record(node.parameters.values)]
  }

  /// A formula of Spark SQL: an expression of assay where both read it alike, and DuckDB's SQL otherwise.
  func customFormula() throws -> [DraftedStep] {
    guard let name = arguments.text("output_column") else { throw Unmapped("it names no column") }
    guard let formula = arguments.text("formula") else { throw Unmapped("it has no formula") }
    let text = SparkSQL.requoted(formula)
    if SparkSQL.isCommon(text) { return [DraftedStep(.derive(name: name, expression: text), origin: origin)] }
    let sql = SparkSQL.translated(formula, table: nil)
    let column = SQL.identifier(name)
    let isKnown = kinds[name] != nil || SparkSQL.names(formula).contains(name)
    let query =
      isKnown ? "SELECT * REPLACE (\(sql) AS \(column)) FROM data" : "SELECT *, \(sql) AS \(column) FROM data"
    return [try customSQL(query)]
  }

  func customCode() throws -> [DraftedStep] {
    let language = arguments.text("operator") ?? node.kind
    guard language.lowercased().contains("sql"), !language.lowercased().contains("python") else {
      throw Unmapped("it is \(language.contains("ython") ? language : "Python") code, which assay does not run")
    }
    let given =
      node.kind == "custom_code"
      ? arguments.variant("SQL", also: language, "PySpark SQL", "SQL PySpark SQL") : arguments
    guard let code = given.text("sql", "code", "query", "sql_query") else { throw Unmapped("it has no query") }
    _ = arguments.text("name")
    if let condition = SparkSQL.condition(code) { return [DraftedStep(.filter(condition))] }
    return [try customSQL(SparkSQL.translated(code, table: "data"))]
  }

  private func customSQL(_ query: String) throws -> DraftedStep {
    if let fault = SelectStatement.fault(query) { throw Unmapped(fault) }
    note(.differs, "runs in DuckDB's SQL", why: "it was written for Spark", advice: "Look at its result")
    return DraftedStep(CustomSQL.info.id, ["query": .text(query)], origin: origin)
  }
}
