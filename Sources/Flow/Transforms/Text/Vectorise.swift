import Foundation
import Frame

/// Counts the words of texts: a number for each term of a vocabulary that it learns, or for each bucket of a hash.
///
/// The vocabulary holds the most frequent terms in alphabetical order, as scikit-learn's CountVectorizer does. The inverse
/// document frequency of a term in d of n texts is ln((n + 1) / (d + 1)), as in Spark, or that plus 1, as in
/// scikit-learn's TfidfTransformer. A term's bucket is the last eight bytes of its MD5 digest, as a little-endian number,
/// modulo the number of features.
public enum Vectorise: Transform {
  static let mostColumns = 1000
  static let mostElements = 20_000

  public static let info = OperationInfo(
    "vectorise", .text, "Vectorise text", help: "Counts of words or TF-IDF, by a vocabulary or by hashing.",
    parameters: [
      ParameterInfo(
        "column", "Column", .column, fit: .nested, help: "Texts, or lists of words as tokenising makes them."),
      ParameterInfo(
        "analyzer", "Terms", .choice(["word", "character"]), initial: "word",
        help: "word: words and sequences of words. character: sequences of characters, blanks included."),
    ] + Tokens.parameters + [
      ParameterInfo(
        "ngram_min", "Shortest n-gram", .integer(1...10), initial: "1", help: "Words or characters of a term."),
      ParameterInfo(
        "ngram_max", "Longest n-gram", .integer(1...10), initial: "1", help: "Words or characters of a term."),
      ParameterInfo(
        "vectorizer", "Vectorizer", .choice(["count", "hashing"]), initial: "count",
        help:
          "count: a number for each term of a learnt vocabulary. hashing: for each bucket of a hash; nothing is learnt."
      ),
      ParameterInfo(
        "features", "Features", .integer(1...mostElements), initial: "256", when: .init("vectorizer", "hashing"),
        help: "The number of buckets; terms of one bucket are counted together."),
      ParameterInfo(
        "min_term_freq", "Least in a text", .number(0...1e9), initial: "1",
        help: "A term that is rarer in a text counts 0 there: a number, or below 1 a share of the text's terms."),
      ParameterInfo(
        "min_doc_freq", "Least texts", .number(0...1e9), initial: "1", when: .init("vectorizer", "count"),
        help: "The vocabulary leaves out terms of fewer texts: a number, or below 1 a share of the texts."),
      ParameterInfo(
        "max_doc_freq", "Most texts", .number(0...1e9), initial: "0.999", when: .init("vectorizer", "count"),
        help: "The vocabulary leaves out terms of more texts: a number, or below 1 a share of the texts."),
      ParameterInfo(
        "vocabulary", "Vocabulary", .integer(1...262_144), initial: "262144", when: .init("vectorizer", "count"),
        help: "The largest number of terms: the most frequent stay."),
      ParameterInfo(
        "binary", "Binary", .toggle, initial: "false", help: "1 for each term of a text however often it occurs."),
      ParameterInfo(
        "idf", "IDF", .choice(["none", "spark", "smooth"]), initial: "none",
        help: "Gives rare terms more weight: spark: ln((n + 1) / (d + 1)) for a term in d of n texts. smooth: 1 more."),
      ParameterInfo(
        "idf_min_doc_freq", "IDF least texts", .integer(0...1_000_000_000), initial: "5",
        when: .init("idf", "spark", "smooth"), help: "Terms of fewer texts weigh 0."),
      ParameterInfo(
        "norm", "Norm", .choice(["none", "l1", "l2"]), initial: "none",
        help: "l1, l2: each text's numbers divided by the sum of them, or by the root of the sum of their squares."),
      ParameterInfo(
        "output", "Output", .choice(["columns", "list"]), initial: "columns",
        help: "columns: one for each term, up to 1000. list: one column of lists, up to 20000 numbers each."),
      ParameterInfo(
        "prefix", "Prefix", .text, isOptional: true,
        help: "Stands before the terms; the column's name and _ when empty."),
      ParameterInfo("drop", "Drop the text", .toggle, initial: "false", help: "Leaves the column of texts out."),
    ])

  public static func summary(_ parameters: Parameters) -> String {
    let weight = parameters.text("idf") ?? "none"
    return "\(parameters.text("column") ?? ""): \(parameters.text("vectorizer") ?? "count")"
      + (weight == "none" ? "" : ", tf-idf")
  }

  public static func fault(_ parameters: Parameters) -> String? {
    if (parameters.integer("ngram_max") ?? 1) < (parameters.integer("ngram_min") ?? 1) {
      return "Longest n-gram: must not be below the shortest one"
    }
    let isHashing = parameters.text("vectorizer") == "hashing"
    if isHashing, parameters.text("output") != "list", parameters.integer("features") ?? 256 > mostColumns {
      return "Features: columns go up to \(mostColumns); make a list instead"
    }
    return Tokens.fault(parameters)
  }

  public static func learns(_ parameters: Parameters) -> Bool {
    parameters.text("vectorizer") != "hashing" || parameters.text("idf") ?? "none" != "none"
  }

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let plan = try TermPlan(call)
    let learned = learns(call.parameters) ? try call.fitted() : nil
    let prefix = call.parameters.text("prefix") ?? plan.column.name + "_"
    let terms = learned?.texts("terms") ?? []
    let isKnown = plan.isHashing || learned != nil || call.parameters.text("output") == "list"
    let dropped = call.parameters.flag("drop") && isKnown ? [plan.column.name] : []
    let vector = plan.vector(terms, idf: learned?.numbers("idf") ?? [])
    let made = TransformCall(
      step: call.step, parameters: call.parameters,
      inputs: [TransformInput(table: "(\(vector.sql))", schema: call.schema + vector.columns)])
    let gone = dropped + vector.columns.map(\.name)
    let list = SQL.identifier(vector.list)
    if call.parameters.text("output") == "list" {
      return try made.adding([.init(prefix + "vector", list, type: "DOUBLE[]")], dropping: gone)
    }
    if plan.isHashing {
      let items = (0..<plan.features).map {
        TransformCall.Item(prefix + "\($0)", "\(list)[\($0 + 1)]", type: "DOUBLE")
      }
      return try made.adding(items, dropping: gone)
    }
    // Terms that differ by case only would give one name to two columns.
    var seen: [String: Int] = [:]
    let items = terms.enumerated().map { place, term in
      let count = (seen[term.lowercased()] ?? 0) + 1
      seen[term.lowercased()] = count
      let name = prefix + term + (count > 1 ? "_\(count)" : "")
      return TransformCall.Item(name, "\(list)[\(place + 1)]", type: "DOUBLE")
    }
    return try made.adding(items, dropping: gone)
  }

  public static func fit(_ call: TransformCall, _ reader: FitReader) throws -> Parameters {
    let plan = try TermPlan(call)
    let (documents, table) = try plan.frequencies(reader)
    let count = Double(documents)
    let parameters = call.parameters
    var chosen: [(term: String, frequency: Double, texts: Double)] = []
    if plan.isHashing {
      var found: [String: Double] = [:]
      for row in 0..<table.rowCount { found[table.text(row, 0) ?? ""] = table.value(row, 3).number ?? 0 }
      chosen = (0..<plan.features).map { ("\($0)", found["\($0)"] ?? 0, 0) }
    } else {
      func bound(_ name: String, _ initial: Double) -> Double {
        let given = parameters.number(name) ?? initial
        return given < 1 ? given * count : given
      }
      let range = (least: bound("min_doc_freq", 1), most: bound("max_doc_freq", 0.999))
      let most = parameters.integer("vocabulary") ?? 262_144
      // The rows come by falling number of occurrences.
      for row in 0..<table.rowCount where chosen.count < most {
        let inTexts = table.value(row, 1).number ?? 0
        guard inTexts >= range.least, inTexts <= range.most, let term = table.text(row, 0) else { continue }
        chosen.append((term, table.value(row, 3).number ?? 0, inTexts))
      }
      guard !chosen.isEmpty else {
        throw call.invalid(
          "no term of \"\(plan.column.name)\" is in as many of its \(documents.grouped) texts as asked: change the least or the "
            + "most texts")
      }
      let isList = parameters.text("output") == "list"
      let limit = isList ? mostElements : mostColumns
      guard chosen.count <= limit else {
        throw call.invalid(
          "the vocabulary of \"\(plan.column.name)\" has \(chosen.count.grouped) terms and a \(isList ? "list" : "table") takes "
            + "\(limit.grouped): lower the vocabulary, raise the least texts, or hash")
      }
      chosen.sort { $0.term.unicodeScalars.lexicographicallyPrecedes($1.term.unicodeScalars) }
    }
    var learned: [String: Parameter] = ["texts": .number(count)]
    if !plan.isHashing {
      learned["terms"] = .list(chosen.map { .text($0.term) })
      learned["counts"] = .list(chosen.map { .number($0.texts) })
    }
    let kind = parameters.text("idf") ?? "none"
    if kind != "none" {
      let least = parameters.number("idf_min_doc_freq") ?? 5
      learned["idf"] = .list(
        chosen.map { item in
          guard item.frequency >= least else { return .number(0) }
          return .number(log((count + 1) / (item.frequency + 1)) + (kind == "smooth" ? 1 : 0))
        })
    }
    return Parameters(learned)
  }
}
