// Spark's SQL and the other two languages: assay's expressions, and DuckDB's SQL.

import Frame

enum SparkSQL {
  /// A piece of SQL: what stands in quotes apart from the rest.
  private enum Piece {
    case plain(String)
    case text(String)
    case name(String)
    case comment(String)
  }

  /// Functions that mean the same in all three languages, missing values included.
  private static let common: Set<String> = [
    "abs", "round", "floor", "ln", "log10", "exp", "sqrt", "power", "length", "lower", "upper", "trim", "replace",
    "contains", "coalesce", "nullif", "if", "least", "greatest", "year", "month", "day", "hour", "minute",
  ]

  /// Whether assay's expressions say a formula, and mean what Spark means.
  static func isCommon(_ text: String) -> Bool {
    guard let syntax = try? SyntaxParser.parse(text), let tokens = try? Tokenizer.tokens(of: text) else { return false }
    // Other meanings there: || joins texts, ^ and | and & work on bits, ~ negates bits.
    let symbols = tokens.compactMap { token in
      if case .symbol(let symbol) = token.kind { symbol } else { nil }
    }
    guard symbols.allSatisfy({ !["||", "&&", "|", "&", "^", "~", "!~", "//", "**", "!"].contains($0) }) else {
      return false
    }
    return isCommon(syntax)
  }

  private static func isCommon(_ syntax: Syntax) -> Bool {
    switch syntax.node {
    case .literal: true
    case .name(_, let style): style != .bracketed
    case .call(let name, _, let arguments):
      common.contains(name.lowercased())
        && (Functions.named(name.lowercased())?.arity.contains(arguments.count) ?? false)
        && arguments.allSatisfy(isCommon)
    case .unary(_, let operand), .isNull(let operand, _): isCommon(operand)
    case .binary(_, let left, let right): isCommon(left) && isCommon(right)
    case .isIn(let operand, let items, _): isCommon(operand) && items.allSatisfy(isCommon)
    case .between(let operand, let low, let high, _): isCommon(operand) && isCommon(low) && isCommon(high)
    case .match(let match, let left, let right, _):
      { if case .like = match { true } else { false } }() && isCommon(left) && isCommon(right)
    case .conditional(let cases, let otherwise):
      cases.allSatisfy { isCommon($0.condition) && isCommon($0.value) } && (otherwise.map(isCommon) ?? true)
    }
  }

  /// The condition of `SELECT * FROM df WHERE …`, where assay reads it alike; nil for any other query.
  static func condition(_ query: String) -> String? {
    let text = requoted(query).trimmed
    let words = text.split(maxSplits: 5, whereSeparator: \.isWhitespace)
    guard words.count == 6, words.prefix(5).map({ $0.lowercased() }) == ["select", "*", "from", "df", "where"] else {
      return nil
    }
    let condition = String(words[5])
    return isCommon(condition) ? condition : nil
  }

  /// With quotes as assay and DuckDB have them: Spark quotes names with ` and texts with ' or ".
  static func requoted(_ text: String) -> String { pieces(text).map { written($0) }.joined() }

  /// The words and quoted names of an expression.
  static func names(_ text: String) -> Set<String> {
    var found: Set<String> = []
    for piece in pieces(text) {
      switch piece {
      case .name(let name): found.insert(name)
      case .plain(let plain):
        found.formUnion(plain.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
      case .text, .comment: break
      }
    }
    return found
  }

  private static let renamed: [String: String] = [
    "nvl": "coalesce", "startswith": "starts_with", "endswith": "ends_with", "ucase": "upper", "lcase": "lower",
    "char_length": "length", "character_length": "length", "dayofmonth": "day", "weekofyear": "week", "rand": "random",
    "signum": "sign", "collect_list": "list", "size": "len", "stddev": "stddev_samp", "std": "stddev_samp",
    "variance": "var_samp", "mean": "avg", "approx_percentile": "approx_quantile", "percentile": "quantile_cont",
    "array_contains": "list_contains",
  ]

  /// As DuckDB's SQL, as far as words go.
  /// - Parameter table: what `df` is called; nil leaves it.
  static func translated(_ text: String, table: String?) -> String {
    pieces(text).map { piece in
      guard case .plain(let plain) = piece else { return written(piece) }
      return replacingWords(plain) { word, isCall in
        let lowered = word.lowercased()
        if let table, lowered == "df", !isCall { return table }
        guard isCall, let name = renamed[lowered] else { return word }
        return name
      }
    }.joined()
  }

  /// DuckDB's SQL as Spark's, as far as words go: names in quotes, and the table `data` as `df`.
  static func spark(_ text: String) -> String {
    pieces(text, isSpark: false).map { piece in
      switch piece {
      case .text(let text): SQLDialect.spark.text(text)
      case .name(let name): SQLDialect.spark.identifier(name)
      case .comment(let comment): comment
      case .plain(let plain):
        replacingWords(plain) { word, isCall in !isCall && word.lowercased() == "data" ? "df" : word }
      }
    }.joined()
  }

  private static func replacingWords(_ text: String, _ replace: (String, _ isCall: Bool) -> String) -> String {
    var result = ""
    var rest = Substring(text)
    while let first = rest.first {
      guard first.isLetter || first == "_" else {
        result.append(first)
        rest = rest.dropFirst()
        continue
      }
      let word = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      rest = rest.dropFirst(word.count)
      let isCall = rest.first { !$0.isWhitespace } == "("
      result += replace(String(word), isCall)
    }
    return result
  }

  private static func written(_ piece: Piece) -> String {
    switch piece {
    case .plain(let plain), .comment(let plain): plain
    case .text(let text): SQL.text(text)
    case .name(let name): SQL.identifier(name)
    }
  }

  /// - Parameter isSpark: reads backslashes in texts and takes double quotes for texts; otherwise for names.
  private static func pieces(_ text: String, isSpark: Bool = true) -> [Piece] {
    var pieces: [Piece] = []
    var plain = ""
    let characters = Array(text)
    var position = 0
    func at(_ index: Int) -> Character? { index < characters.count ? characters[index] : nil }
    func flush() {
      if !plain.isEmpty { pieces.append(.plain(plain)) }
      plain = ""
    }
    while let character = at(position) {
      if character == "-", at(position + 1) == "-" {
        flush()
        var comment = ""
        while let next = at(position), next != "\n" {
          comment.append(next)
          position += 1
        }
        pieces.append(.comment(comment))
        continue
      }
      guard character == "'" || character == "\"" || character == "`" else {
        plain.append(character)
        position += 1
        continue
      }
      flush()
      var content = ""
      position += 1
      while let next = at(position) {
        if next == character {
          guard at(position + 1) == character else { break }
          position += 1
        } else if next == "\\", isSpark, character != "`", let escaped = at(position + 1) {
          content.append(unescaped(escaped))
          position += 2
          continue
        }
        content.append(next)
        position += 1
      }
      position += 1
      let isName = character == "`" || (character == "\"" && !isSpark)
      pieces.append(isName ? .name(content) : .text(content))
    }
    flush()
    return pieces
  }

  private static func unescaped(_ character: Character) -> Character {
    switch character {
    case "n": "\n"
    case "t": "\t"
    case "r": "\r"
    default: character
    }
  }

  // MARK: - From assay's expressions

  /// Functions of the expression language in Spark's words; nil for those that it lacks or reads otherwise.
  private static func call(_ name: String, _ arguments: [String]) -> String? {
    let list = arguments.joined(separator: ", ")
    switch name {
    case "ceil", "sign", "substr": return "\(name)(\(list))"
    // Parts that are missing are left out here; concat yields nothing there.
    case "concat": return "concat_ws('', \(list))"
    case "starts_with": return "startswith(\(list))"
    case "ends_with": return "endswith(\(list))"
    case "float": return "CAST(\(list) AS DOUBLE)"
    case "text": return "CAST(\(list) AS STRING)"
    case "bool": return "CAST(\(list) AS BOOLEAN)"
    case "date": return "CAST(\(list) AS DATE)"
    case "timestamp": return "CAST(\(list) AS TIMESTAMP)"
    case "int": return "CAST(round(\(list)) AS BIGINT)"
    case "dayofweek": return "(dayofweek(\(list)) - 1)"
    case "regexp_matches": return arguments.count == 2 ? "(\(arguments[0]) RLIKE \(arguments[1]))" : nil
    default: return common.contains(name) ? "\(name)(\(list))" : nil
    }
  }

  /// An expression of assay in Spark's SQL.
  /// - Throws: `Unmapped` where Spark cannot say it.
  static func expression(_ text: String) throws -> String {
    guard let syntax = try? SyntaxParser.parse(text) else { throw Unmapped("its expression cannot be read") }
    let sql = try write(syntax)
    // The parentheses around the whole say nothing.
    if case .binary = syntax.node, sql.hasPrefix("(") { return String(sql.dropFirst().dropLast()) }
    return sql
  }

  private static func write(_ syntax: Syntax) throws -> String {
    switch syntax.node {
    case .literal(let value):
      if case .real(let number) = value { return "\(number)" }
      return SQLDialect.spark.literal(value)
    case .name(let name, _):
      let isPlain = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
      let isWord = isPlain && name.first?.isNumber == false && !SyntaxParser.keywords.contains(name.lowercased())
      return isWord ? name : SQLDialect.spark.identifier(name)
    case .call(let name, _, let arguments):
      let written = try arguments.map(write)
      guard let call = call(name.lowercased(), written) else {
        throw Unmapped("Spark has no function like \(name)")
      }
      return call
    case .unary(.minus, let operand): return "(- \(try write(operand)))"
    case .unary(.not, let operand): return "(NOT \(try write(operand)))"
    case .binary(let symbol, let left, let right):
      let (a, b) = (try write(left), try write(right))
      switch symbol {
      case .quotient: return "CAST(floor(\(a) / \(b)) AS BIGINT)"
      case .power: return "power(\(a), \(b))"
      default: return "(\(a) \(symbol.rawValue.uppercased()) \(b))"
      }
    case .isNull(let operand, let negated): return "(\(try write(operand)) IS \(negated ? "NOT " : "")NULL)"
    case .isIn(let operand, let items, let negated):
      let list = try items.map(write).joined(separator: ", ")
      return "(\(try write(operand))\(negated ? " NOT" : "") IN (\(list)))"
    case .between(let operand, let low, let high, let negated):
      return
        "(\(try write(operand))\(negated ? " NOT" : "") BETWEEN \(try write(low)) AND \(try write(high)))"
    case .match(let match, let left, let right, let negated):
      let word =
        switch match {
        case .like: "LIKE"
        case .ilike: "ILIKE"
        case .regex: "RLIKE"
        }
      return "(\(try write(left))\(negated ? " NOT" : "") \(word) \(try write(right)))"
    case .conditional(let cases, let otherwise):
      let parts = try cases.map { "WHEN \(try write($0.condition)) THEN \(try write($0.value))" }
      let last = try otherwise.map { " ELSE \(try write($0))" } ?? ""
      return "CASE \(parts.joined(separator: " "))\(last) END"
    }
  }
}
