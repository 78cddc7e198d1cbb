import Frame
import Numerics

/// Texts as numbers of which similar texts share many: the min-hash of their 3-grams.
///
/// The share of equal numbers of two texts estimates the Jaccard similarity of their sets of 3-grams (Broder 1997,
/// doi:10.1109/SEQUEN.1997.666900; for categories Cerda and Varoquaux 2022, doi:10.1109/TKDE.2020.2992529). A text is
/// lowered, its white space made single spaces, and a space put at both ends. A 3-gram's number is the lower half of its
/// MD5, modulo p = 2³¹ − 1; number j of a text is the least (a_j·x + b_j) mod p over its 3-grams, divided by p, with a_j and
/// b_j from SplitMix64 of the seed. It learns nothing, so that no category is unseen.
public enum EncodeSimilarity: Transform {
  public static let info = OperationInfo(
    "encode-similarity", .encode, "Encode by similarity",
    help: "Turn texts into numbers so that texts spelt alike get similar ones.",
    parameters: [
      ParameterInfo("columns", "Columns", .columns, fit: .text, help: "The columns to encode; each becomes several."),
      ParameterInfo(
        "dimension", "Numbers", .integer(1...1000), initial: "30",
        help: "How many numbers a text becomes; more tell texts apart better."),
      ParameterInfo(
        "output", "Output", .choice(["columns", "vector"]), initial: "columns",
        help: "columns: named column_0, column_1… vector: one list of numbers in place of the column."),
      ParameterInfo(
        "keep", "Keep the inputs", .toggle, initial: "false", when: .init("output", "columns"),
        help: "Keep the encoded columns beside the new ones."),
      ParameterInfo(
        "seed", "Seed", .integer(0...Int.max), initial: "0", help: "The same seed makes the same numbers."),
    ])

  private static let prime: UInt64 = 2_147_483_647

  public static func stage(_ call: TransformCall) throws -> TransformStage {
    let columns = try call.columns(.text)
    let dimension = call.parameters.integer("dimension") ?? 30
    let isVector = call.parameters.text("output") == "vector"
    var random = SplitMix64(seed: UInt64(call.parameters.integer("seed") ?? 0))
    let factors = (0..<dimension).map { _ in
      (a: random.next() % (prime - 1) + 1, b: random.next() % prime)
    }
    // The numbers of a text's 3-grams as a column on the way, for every dimension reads them.
    let grams = columns.indices.map { call.freshName("grams\($0)") }
    let parts = zip(columns, grams).map { column, gram in "\(numbers(column)) AS \(gram)" }
    let inner = call.reading("SELECT *, \(parts.joined(separator: ", ")) FROM \(call.table)")
    var items: [TransformCall.Item] = []
    var vectors: [TransformCall.Item] = []
    for (column, gram) in zip(columns, grams) {
      let values = factors.map { factor in
        "list_min(list_transform(\(gram), lambda g: (g * \(factor.a) + \(factor.b)) % \(prime))) / \(SQL.number(Double(prime)))"
      }
      vectors.append(
        .init(column, "CASE WHEN \(gram) IS NOT NULL THEN [\(values.joined(separator: ", "))] END", type: "DOUBLE[]"))
      items += values.enumerated().map { .init("\(column.name)_\($0)", $1, type: "DOUBLE") }
    }
    let dropped = call.parameters.flag("keep") ? [] : columns.map(\.name)
    let made = isVector ? inner.replacing(vectors) : try inner.adding(items, dropping: dropped)
    return made.tidied
  }

  private static func numbers(_ column: Column) -> String {
    let text = "' ' || trim(regexp_replace(lower(\(column.words)), '\\s+', ' ', 'g')) || ' '"
    // A text of fewer than three characters is one gram.
    let starts = "range(1, greatest(length(t) - 1, 2))"
    let hashed =
      "list_transform(\(starts), lambda i: CAST(md5_number_lower(substring(t, i, 3)) % \(prime) AS BIGINT))"
    return
      "CASE WHEN \(column.words) IS NOT NULL THEN list_transform([\(text)], lambda t: \(hashed))[1] END"
  }
}
