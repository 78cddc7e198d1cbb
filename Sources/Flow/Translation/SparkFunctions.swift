import Foundation
import Frame

extension SparkExpression {
  /// A call in Spark's words.
  /// - Throws: `Untranslatable` for what it lacks, or means differently.
  func call(_ name: String, _ inner: [SQLPiece], filter: [SQLPiece]?, window: [SQLPiece]?) throws -> Made {
    if let window { return try windowed(name, inner, filter, window) }
    if name == "count", inner == [.sign("*")] || inner.isEmpty {
      return Made("count(*)" + (try filtered(filter)), .integer)
    }
    if let made = try aggregate(name, inner, filter) { return Self.known(name, made) }
    if filter != nil { throw Untranslatable("it has no \(name) of some rows") }
    if let made = try special(name, inner) { return made }
    let parts = try inner.parts.map { try plain($0) }
    if let made = try number(name, parts) ?? text(name, parts) ?? date(name, parts) ?? choice(name, parts) {
      return made
    }
    throw Untranslatable("it has no \(name)")
  }

  func plain(_ pieces: [SQLPiece]) throws -> Made {
    let made = try value(pieces)
    if made.kind == .order, !statement.draws { throw Untranslatable("rows have no order there") }
    return made
  }

  private func literal(_ pieces: [SQLPiece]) -> String? {
    if pieces.count == 1, case .text(let text) = pieces[0] { text } else { nil }
  }

  private static func double(_ made: Made) -> String {
    made.kind.kind == .real ? made.sql : "CAST(\(made.sql) AS DOUBLE)"
  }

  // MARK: - Groups

  private func filtered(_ condition: [SQLPiece]?) throws -> String {
    try condition.map { " FILTER (WHERE \(try sql($0)))" } ?? ""
  }

  /// The deviation of what is not finite is missing here, and no number there.
  static func known(_ name: String, _ made: Made) -> Made {
    let names: Set = ["stddev_samp", "stddev_pop", "stddev", "var_samp", "var_pop", "variance"]
    // Whether no number equals itself depends on the engine.
    return names.contains(name) ? Made("(CASE WHEN NOT isnan(\(made.sql)) THEN \(made.sql) END)", made.kind) : made
  }

  func aggregate(_ name: String, _ inner: [SQLPiece], _ filter: [SQLPiece]?) throws -> Made? {
    let names: Set = [
      "count", "sum", "avg", "min", "max", "stddev_samp", "stddev_pop", "stddev", "var_samp", "var_pop", "variance",
      "median", "quantile_cont", "quantile_disc", "bool_and", "bool_or", "corr", "covar_samp", "covar_pop", "any_value",
      "approx_count_distinct",
    ]
    guard names.contains(name) else { return nil }
    var inner = inner
    if let order = inner.place(of: "ORDER") {
      // Of numbers that are added up it fixes the last digits alone.
      let sums = ["sum", "avg", "stddev_samp", "stddev_pop", "stddev", "var_samp", "var_pop", "variance"]
      guard sums.contains(name) else { throw Untranslatable("rows have no order there") }
      inner = Array(inner[..<order])
    }
    let isDistinct = inner.first?.isWord("DISTINCT") == true
    let parts = try (isDistinct ? Array(inner.dropFirst()) : inner).parts.map { try plain($0) }
    guard let first = parts.first else { return nil }
    let distinct = isDistinct ? "DISTINCT " : ""
    let rows = try filtered(filter)
    switch name {
    case "count": return Made("count(\(distinct)\(first.sql))\(rows)", .integer)
    case "sum" where first.kind.kind == .integer:
      return Made("sum(\(distinct)CAST(\(first.sql) AS DECIMAL(38,0)))\(rows)", .integer)
    case "sum", "avg", "stddev_samp", "stddev_pop", "stddev", "var_samp", "var_pop", "variance":
      guard first.kind.kind?.isNumeric == true else {
        throw Untranslatable("it adds up what is not known to be numbers")
      }
      let word = ["stddev": "stddev_samp", "variance": "var_samp"][name] ?? name
      return Made("\(word)(\(distinct)\(Self.double(first)))\(rows)", .real)
    case "min", "max", "any_value": return Made("\(name)(\(first.sql))\(rows)", first.kind)
    case "median":
      guard first.kind.kind?.isNumeric == true else { throw Untranslatable("it has no median of this kind") }
      return Made("percentile(\(Self.double(first)), 0.5D)\(rows)", .real)
    case "quantile_cont":
      guard parts.count == 2, first.kind.kind?.isNumeric == true, let share = parts[1].kind.kind,
        share == .real || share == .other
      else { throw Untranslatable("it has no such quantiles") }
      return Made("percentile(\(Self.double(first)), \(parts[1].sql))\(rows)", share)
    case "quantile_disc":
      guard parts.count == 2, parts[1].kind.kind == .real else { throw Untranslatable("it has no such quantiles") }
      func quantile(_ number: String) -> String {
        "CAST(percentile_disc(\(parts[1].sql)) WITHIN GROUP (ORDER BY \(number))\(rows) AS BIGINT)"
      }
      switch first.kind.kind {
      case .date?: return Made("date_from_unix_date(CAST(\(quantile("unix_date(\(first.sql))")) AS INT))", .date)
      case .timestamp?: return Made("timestamp_micros(\(quantile("unix_micros(\(first.sql))")))", .timestamp)
      default: throw Untranslatable("it has no such quantiles of this kind")
      }
    // Of marks, for not every engine takes all kinds of values.
    case "approx_count_distinct":
      let mark = "CASE WHEN \(first.sql) IS NOT NULL THEN xxhash64(\(first.sql)) END"
      return Made("approx_count_distinct(\(mark))\(rows)", .integer)
    case "bool_and", "bool_or": return Made("\(name)(\(first.sql))\(rows)", .boolean)
    default: return Made("\(name)(\(parts.map(Self.double).joined(separator: ", ")))\(rows)", .real)
    }
  }

  // MARK: - What reads its arguments in its own way

  private func special(_ name: String, _ inner: [SQLPiece]) throws -> Made? {
    let parts = inner.parts
    switch name {
    case "enum_code":
      guard let code = try category(inner) else { throw Untranslatable("it has no enumerations") }
      return code
    case "trim", "ltrim", "rtrim":
      let text = try plain(parts.first ?? [])
      guard text.kind.kind == .text else { throw Untranslatable("it trims what may be no text") }
      let side = ["trim": "BOTH", "ltrim": "LEADING", "rtrim": "TRAILING"][name] ?? "BOTH"
      let ends = try parts.count > 1 ? plain(parts[1]).sql : "' '"
      return Made("trim(\(side) \(ends) FROM \(text.sql))", .text)
    case "regexp_matches", "regexp_full_match", "regexp_extract", "regexp_extract_all", "regexp_replace":
      return try expression(name, parts)
    case "date_trunc", "date_diff", "datediff":
      guard let unit = parts.first.flatMap(literal) else { throw Untranslatable("its unit is no text") }
      return try calendar(name, unit.lowercased(), parts.dropFirst().map { try plain($0) })
    case "string_split":
      guard parts.count == 2, let mark = literal(parts[1]), !mark.isEmpty else {
        throw Untranslatable("it splits texts in another way")
      }
      let quoted = SQLDialect.spark.text(JavaPattern.quoted(mark))
      return Made("split(\(try plain(parts[0]).sql), \(quoted), -1)", .other)
    case "list_transform", "list_filter":
      guard parts.count == 2 else { return nil }
      return Made(
        "\(name == "list_filter" ? "filter" : "transform")(\(try plain(parts[0]).sql), \(try lambda(parts[1])))", .other
      )
    case "hash":
      guard statement.draws, parts.count == 2, case .number(let digits)? = parts[1].first, let seed = UInt64(digits),
        case let row = try value(parts[0]), row.kind == .order
      else { return nil }
      return Made("xxhash64(\(row.sql), CAST('\(Int64(bitPattern: seed))' AS BIGINT))", .lot)
    case "unnest":
      guard parts.count == 1 else { throw Untranslatable("it spreads lists in another way") }
      return context.spread(try plain(parts[0]))
    case "range", "generate_series":
      let bounds = try parts.map { try plain($0) }
      guard (1...2).contains(bounds.count), bounds.allSatisfy({ $0.kind.kind == .integer }) else {
        throw Untranslatable("it has no such series")
      }
      let numbers = bounds.map { "CAST(\($0.sql) AS BIGINT)" }
      let (low, end) = (numbers.count == 1 ? "0L" : numbers[0], numbers[numbers.count - 1])
      let high = name == "range" ? "\(end) - 1L" : end
      return Made(
        "(CASE WHEN \(high) >= \(low) THEN sequence(\(low), \(high)) ELSE CAST(array() AS ARRAY<BIGINT>) END)",
        .nested("BIGINT[]"))
    case "struct_extract":
      guard parts.count == 2, let key = literal(parts[1]) else { return nil }
      let record = try plain(parts[0])
      guard case .nested(let type) = record.kind,
        let field = NestedType.fields(of: type)?.first(where: { $0.name == key })
      else { throw Untranslatable("it reads a part of what is no struct") }
      return Made("\(record.sql).\(SQLDialect.spark.identifier(key))", TranslatedKind(field))
    default: return nil
    }
  }

  /// `lambda x: …`
  private func lambda(_ pieces: [SQLPiece]) throws -> String {
    guard pieces.count > 3, pieces[0].isWord("lambda"), case .word(let name) = pieces[1], pieces[2] == .sign(":") else {
      throw Untranslatable("a function of values is unclear")
    }
    var inside = self
    inside.scope.variables.insert(name)
    return "\(SQLDialect.spark.identifier(name)) -> \(try inside.sql(Array(pieces[3...])))"
  }

  /// The number of a word among those of an enumeration, from 0.
  private func category(_ inner: [SQLPiece]) throws -> Made? {
    guard inner.count == 2, inner[0].isWord("TRY_CAST"), case .group(let cast) = inner[1],
      let place = cast.lastIndex(where: { $0.isWord("AS") }), cast.count == place + 3, cast[place + 1].isWord("ENUM"),
      case .group(let words) = cast[place + 2]
    else { return nil }
    let names = try words.parts.map { part -> String in
      guard let text = literal(part) else { throw Untranslatable("it has no enumerations") }
      return SQLDialect.spark.text(text)
    }
    let value = try plain(Array(cast[..<place]))
    return Made("(nullif(array_position(array(\(names.joined(separator: ", "))), \(value.sql)), 0L) - 1L)", .integer)
  }

  // MARK: - Regular expressions

  private func expression(_ name: String, _ parts: [[SQLPiece]]) throws -> Made {
    guard parts.count >= 2, let source = literal(parts[1]) else {
      throw Untranslatable("its regular expression is no text")
    }
    let text = try plain(parts[0])
    guard text.kind.kind == .text else { throw Untranslatable("it looks for patterns in what may be no text") }
    let pattern = try JavaPattern.of(source)
    func quoted(_ pattern: String) -> String { SQLDialect.spark.text(pattern) }
    func group() throws -> String {
      guard parts.count > 2 else { return "0" }
      guard parts[2].count == 1, case .number(let number) = parts[2][0] else {
        throw Untranslatable("its group is no number")
      }
      return number
    }
    switch name {
    case "regexp_matches":
      if parts.count > 2 { throw Untranslatable("its regular expression has options") }
      return Made("rlike(\(text.sql), \(quoted(pattern)))", .boolean)
    case "regexp_full_match": return Made("rlike(\(text.sql), \(quoted("\\A(?:\(pattern))\\z")))", .boolean)
    case "regexp_extract":
      return Made("regexp_extract(\(text.sql), \(quoted(pattern)), \(try group()))", .text)
    case "regexp_extract_all":
      return Made("regexp_extract_all(\(text.sql), \(quoted(pattern)), \(try group()))", .other)
    default:
      guard parts.count == 4, literal(parts[3]) == "g", let new = literal(parts[2]) else {
        throw Untranslatable("it replaces all that it finds, not the first alone")
      }
      return Made(
        "regexp_replace(\(text.sql), \(quoted(pattern)), \(quoted(try JavaPattern.replacement(new))))", .text)
    }
  }

  // MARK: - Numbers

  private func number(_ name: String, _ parts: [Made]) throws -> Made? {
    guard let x = parts.first else { return name == "pi" ? Made("pi()", .real) : nil }
    let double = Self.double(x)
    let isWhole = x.kind.kind == .integer
    func lossless(_ function: String) -> Made {
      isWhole
        ? Made(x.sql, x.kind)
        : Made(
          "(CASE WHEN abs(\(double)) < 4503599627370496D THEN CAST(\(function)(\(double)) AS DOUBLE) ELSE \(double) END)",
          .real)
    }
    switch name {
    case "abs": return Made("abs(\(x.sql))", x.kind)
    case "floor": return lossless("floor")
    case "ceil", "ceiling": return lossless("ceil")
    case "trunc":
      return isWhole
        ? x
        : Made(
          "(CASE WHEN abs(\(double)) < 4503599627370496D THEN signum(\(double)) * CAST(floor(abs(\(double))) AS DOUBLE) ELSE \(double) END)",
          .real)
    case "round", "round_even":
      guard parts.count == 1 || Self.castNumber(parts[1].sql) != nil else {
        throw Untranslatable("it rounds to digits that are not written down")
      }
      let digits = parts.count == 1 ? 0 : Self.castNumber(parts[1].sql) ?? 0
      if isWhole, digits >= 0 { return x }
      func whole(_ value: String) -> String { name == "round" ? Self.rounded(value) : Self.even(value) }
      if digits == 0 { return Made(whole(double), .real) }
      let power = "CAST('1e\(abs(digits))' AS DOUBLE)"
      // What is not finite is 0 in hundreds here.
      let odd = "isnan(\(double)) OR abs(\(double)) = CAST('Infinity' AS DOUBLE)"
      if digits < 0, name == "round" {
        return Made(
          "(CASE WHEN \(odd) THEN 0D ELSE \(whole("(\(double) / \(power))")) * \(power) END)", .real)
      }
      return Made(
        digits > 0
          ? "(\(whole("(\(double) * \(power))")) / \(power))" : "(\(whole("(\(double) / \(power))")) * \(power))", .real
      )
    case "sign":
      return Made(
        "(CASE WHEN isnan(\(double)) THEN 0 WHEN \(double) > 0D THEN 1 WHEN \(double) < 0D THEN -1 "
          + "WHEN \(double) IS NOT NULL THEN 0 END)", .integer)
    case "ln", "log2", "log10": return Made("\(name)(\(double))", .real)
    case "sqrt": return Made("(CASE WHEN \(double) < 0D THEN NULL ELSE sqrt(\(double)) END)", .real)
    case "exp", "sin", "cos", "tan", "atan", "asin", "acos", "radians", "degrees", "cbrt", "sinh", "cosh", "tanh":
      return Made("\(name)(\(double))", .real)
    case "pow", "power": return Made("power(\(double), \(Self.double(parts[1])))", .real)
    case "atan2": return Made("atan2(\(double), \(Self.double(parts[1])))", .real)
    // Spark takes a missing number for one.
    case "isnan": return Made("(CASE WHEN \(double) IS NOT NULL THEN isnan(\(double)) END)", .boolean)
    case "isinf": return Made("(abs(\(double)) = CAST('Infinity' AS DOUBLE))", .boolean)
    case "isfinite":
      return Made("(NOT isnan(\(double)) AND abs(\(double)) < CAST('Infinity' AS DOUBLE))", .boolean)
    default: return nil
    }
  }

  /// The whole number that a literal is, whatever it is cast to: 2 of `TRY_CAST((2) AS INT)`.
  private static func castNumber(_ sql: String) -> Int? {
    var text = Substring(sql)
    for word in ["TRY_CAST", "CAST"] where text.hasPrefix(word + "(") {
      guard let end = text.range(of: " AS ") else { return nil }
      text = text[..<end.lowerBound].dropFirst(word.count + 1)
    }
    return Int(text.filter { $0 != "(" && $0 != ")" })
  }

  // MARK: - Texts

  private func text(_ name: String, _ parts: [Made]) throws -> Made? {
    let list = parts.map(\.sql).joined(separator: ", ")
    switch name {
    case "length", "len":
      guard parts.first?.kind.kind == .text else {
        guard parts.first?.kind.kind == .other else { throw Untranslatable("it measures what is unclear") }
        return Made("(CASE WHEN \(list) IS NOT NULL THEN CAST(size(\(list)) AS BIGINT) END)", .integer)
      }
      return Made("CAST(length(\(list)) AS BIGINT)", .integer)
    case "repeat", "lpad", "rpad":
      guard parts.count > 1, parts[0].kind.kind == .text else { throw Untranslatable("it changes what may be no text") }
      let fill = parts.count > 2 ? ", \(parts[2].sql)" : ""
      return Made("\(name)(\(parts[0].sql), CAST(\(parts[1].sql) AS INT)\(fill))", .text)
    case "lower", "upper", "replace", "translate", "md5":
      guard parts.first?.kind.kind == .text else { throw Untranslatable("it changes what may be no text") }
      return Made("\(name)(\(list))", .text)
    case "reverse" where parts.first?.kind.kind == .text: return Made("reverse(\(list))", .text)
    case "substr", "substring":
      // Places before the first one are counted from the first one there.
      let place = Self.castNumber(parts[1].sql)
      guard let place, place != 0 else { throw Untranslatable("the first character has the number 1") }
      let count = parts.count > 2 ? ", CAST(\(parts[2].sql) AS INT)" : ""
      return Made("substr(\(parts[0].sql), \(place)\(count))", .text)
    case "left", "right":
      guard parts.count == 2, let count = Int(parts[1].sql), count >= 0 else {
        throw Untranslatable("it takes no \(name) of this")
      }
      return Made("\(name)(\(list))", .text)
    case "contains": return Made("contains(\(list))", .boolean)
    case "starts_with", "prefix": return Made("startswith(\(list))", .boolean)
    case "ends_with", "suffix": return Made("endswith(\(list))", .boolean)
    case "strpos", "instr": return Made("CAST(instr(\(list)) AS BIGINT)", .integer)
    case "concat":
      let texts = try parts.map { part -> String in
        if part.kind.kind == .text { return "coalesce(\(part.sql), '')" }
        guard let kind = part.kind.kind, kind != .real, kind != .other else {
          throw Untranslatable("it writes some values in another way")
        }
        return "coalesce(CAST(\(part.sql) AS STRING), '')"
      }
      return Made("concat(\(texts.joined(separator: ", ")))", .text)
    case "concat_ws":
      guard parts.allSatisfy({ $0.kind.kind == .text }) else { throw Untranslatable("it joins what may be no text") }
      return Made("concat_ws(\(list))", .text)
    case "array_to_string": return Made("array_join(\(list))", .text)
    case "list_contains", "array_contains": return Made("array_contains(\(list))", .boolean)
    case "list_extract", "array_extract":
      return Made("try_element_at(\(parts[0].sql), CAST(\(parts[1].sql) AS INT))", parts[0].kind.element ?? .unknown)
    case "error": return Made("raise_error(\(list))", .unknown)
    default: return nil
    }
  }

  // MARK: - Dates

  private func date(_ name: String, _ parts: [Made]) throws -> Made? {
    guard let first = parts.first else { return nil }
    let words = [
      "year", "quarter", "month", "week", "day", "hour", "minute", "second", "dayofyear", "isodow", "dayofweek",
    ]
    if words.contains(name) {
      guard first.kind.kind == .date || first.kind.kind == .timestamp else {
        throw Untranslatable("it reads what is no date")
      }
      switch name {
      case "week": return Made("CAST(weekofyear(\(first.sql)) AS BIGINT)", .integer)
      case "isodow": return Made("CAST((dayofweek(\(first.sql)) + 5) % 7 + 1 AS BIGINT)", .integer)
      case "dayofweek": return Made("CAST(dayofweek(\(first.sql)) - 1 AS BIGINT)", .integer)
      default: return Made("CAST(\(name)(\(first.sql)) AS BIGINT)", .integer)
      }
    }
    switch name {
    case "epoch_us":
      if first.kind == .span { return Made(first.sql, .integer) }
      return first.kind.kind == .timestamp ? Made("unix_micros(\(first.sql))", .integer) : nil
    case "epoch":
      guard first.kind.kind == .timestamp else { return nil }
      return Made("(unix_micros(\(first.sql)) / 1000000D)", .real)
    case "last_day": return Made("last_day(\(first.sql))", .date)
    case "make_date": return Made("make_date(\(parts.map(\.sql).joined(separator: ", ")))", .date)
    default: return nil
    }
  }

  private func calendar(_ name: String, _ unit: String, _ parts: [Made]) throws -> Made {
    let units: Set = ["year", "quarter", "month", "week", "day", "hour", "minute", "second"]
    guard units.contains(unit), let first = parts.first else { throw Untranslatable("it has no \(unit) of dates") }
    for part in parts where part.kind.kind != .date && part.kind.kind != .timestamp {
      throw Untranslatable("it reads what is no date")
    }
    if name == "date_trunc" { return Made("date_trunc('\(unit)', \(first.sql))", .timestamp) }
    guard parts.count == 2 else { throw Untranslatable("a difference is of two dates") }
    // How many borders lie between.
    let (from, to) = (parts[0].sql, parts[1].sql)
    switch unit {
    case "day": return Made("CAST(datediff(CAST(\(to) AS DATE), CAST(\(from) AS DATE)) AS BIGINT)", .integer)
    case "year": return Made("CAST(year(\(to)) - year(\(from)) AS BIGINT)", .integer)
    case "month":
      return Made("CAST((year(\(to)) - year(\(from))) * 12 + month(\(to)) - month(\(from)) AS BIGINT)", .integer)
    case "quarter":
      return Made("CAST((year(\(to)) - year(\(from))) * 4 + quarter(\(to)) - quarter(\(from)) AS BIGINT)", .integer)
    case "week":
      return Made("(datediff(CAST(\(to) AS DATE), CAST(\(from) AS DATE)) div 7)", .integer)
    default:
      let seconds = ["hour": 3600, "minute": 60, "second": 1][unit] ?? 1
      let (start, end) = ("unix_micros(date_trunc('\(unit)', \(from)))", "unix_micros(date_trunc('\(unit)', \(to)))")
      return Made("((\(end) - \(start)) div \(seconds)000000L)", .integer)
    }
  }

  // MARK: - Choices

  private func choice(_ name: String, _ parts: [Made]) throws -> Made? {
    let list = parts.map(\.sql).joined(separator: ", ")
    let common = Self.common(parts.filter { $0.sql != "NULL" }.map(\.kind))
    switch name {
    case "coalesce", "ifnull": return Made("coalesce(\(list))", common)
    case "nullif": return Made("nullif(\(list))", parts.first?.kind ?? .unknown)
    case "least", "greatest": return parts.count == 1 ? parts[0] : Made("\(name)(\(list))", common)
    case "if": return Made("if(\(list))", Self.common(parts.dropFirst().map(\.kind)))
    default: return nil
    }
  }
}
