import Frame

/// Says an expression of DuckDB's SQL in Spark's.
struct SparkExpression {
  /// The columns that names may mean.
  struct Scope {
    var sources: [(alias: String?, columns: [TranslatedColumn])] = []
    /// Names that a lambda gives to the values of a list.
    var variables: Set<String> = []

    var columns: [TranslatedColumn] { sources.flatMap(\.columns) }
  }

  /// SQL, and what it yields.
  struct Made {
    var sql: String
    var kind: TranslatedKind

    init(_ sql: String, _ kind: TranslatedKind = .unknown) { (self.sql, self.kind) = (sql, kind) }
    init(_ sql: String, _ kind: ColumnKind) { (self.sql, self.kind) = (sql, .kind(kind)) }
  }

  var scope: Scope
  let statement: SparkStatement
  /// True within TRY: what fails is missing.
  var isTrying = false
  /// The SELECT that it stands in.
  let context = SelectContext()
  var windows: SparkWindows { context.windows }

  // MARK: - Entry

  func sql(_ pieces: [SQLPiece]) throws -> String { try value(pieces).sql }

  func value(_ pieces: [SQLPiece]) throws -> Made {
    var reader = Reader(expression: self, rest: pieces[...])
    let made = try reader.disjunction()
    if let next = reader.rest.first { throw Untranslatable("it does not know what to make of \(Self.shown(next))") }
    return made
  }

  /// Keys of an order. Row numbers break ties, and there is no order to break them by.
  func order(_ pieces: [SQLPiece]) throws -> RowOrder {
    var order = RowOrder()
    for part in pieces.parts {
      var words: [String] = []
      var part = part
      while let word = part.last?.keyword, ["ASC", "DESC", "NULLS", "LAST", "FIRST"].contains(word) {
        words.insert(word, at: 0)
        part.removeLast()
      }
      var reader = Reader(expression: self, rest: part[...])
      let key = try reader.disjunction(allowsOrder: true)
      if key.kind == .order, !statement.draws {
        order.endsInRows = true
        continue
      }
      if !reader.rest.isEmpty { throw Untranslatable("a key of its order is unclear") }
      // Missing values come last here unless it is said otherwise.
      if !words.contains("NULLS") { words += ["NULLS", "LAST"] }
      order.keys.append(.init(value: key, words: words.joined(separator: " ")))
    }
    return order
  }

  static func shown(_ piece: SQLPiece) -> String {
    switch piece {
    case .word(let text), .name(let text), .text(let text), .number(let text), .sign(let text): text
    case .group: "(…)"
    case .list: "[…]"
    }
  }

  // MARK: - Types

  /// A type in Spark's words, and its kind.
  static func type(_ pieces: [SQLPiece]) throws -> (sql: String, kind: TranslatedKind) {
    var pieces = pieces
    if case .list(let inner)? = pieces.last, inner.isEmpty {
      pieces.removeLast()
      let element = try type(pieces)
      let name = element.kind.kind.flatMap { $0 == .other ? nil : $0.typeName }
      return ("ARRAY<\(element.sql)>", name.map { .nested($0 + "[]") } ?? .kind(.other))
    }
    let words = pieces.compactMap(\.keyword)
    guard let first = words.first else { throw Untranslatable("a type is unclear") }
    let name: String
    switch first {
    case "VARCHAR", "TEXT", "STRING": name = "STRING"
    case "BIGINT", "INT8", "LONG": name = "BIGINT"
    case "INTEGER", "INT": name = "INT"
    case "SMALLINT", "TINYINT", "BOOLEAN", "DATE", "DOUBLE", "FLOAT": name = first
    case "HUGEINT", "UBIGINT": name = "DECIMAL(38,0)"
    case "UINTEGER": name = "BIGINT"
    case "TIMESTAMP": name = "TIMESTAMP"
    case "DECIMAL":
      guard case .group(let sizes)? = pieces.dropFirst().first else {
        throw Untranslatable("it has no DECIMAL of no size")
      }
      name = "DECIMAL(\(sizes.map(shown).joined()))"
    default: throw Untranslatable("it has no type \(first)")
    }
    let kind = ColumnKind(type: name == "STRING" ? "VARCHAR" : name)
    return (name, .kind(kind))
  }

  /// A conversion. What cannot be converted is missing where `tries`, and stops the query elsewhere.
  func cast(_ made: Made, to pieces: [SQLPiece], tries: Bool) throws -> Made {
    let (type, kind) = try Self.type(pieces)
    let word = tries || isTrying ? "TRY_CAST" : "CAST"
    if made.kind == .order { throw Untranslatable("rows have no order there") }
    if made.kind == .lot {
      guard type == "DOUBLE" else { throw Untranslatable("it draws rows in another way") }
      return Made("(CAST(\(made.sql) AS DOUBLE) + 9223372036854775808D)", kind)
    }
    if made.kind == .span { throw Untranslatable("spans of time are written in another way there") }
    switch (made.kind.kind, kind.kind) {
    case (.real?, .integer?):
      // Whole numbers are rounded to here, and cut off to there.
      return Made("\(word)(\(Self.even(made.sql)) AS \(type))", kind)
    case (.text?, .integer?):
      let number = "TRY_CAST(\(made.sql) AS DOUBLE)"
      let rounded = "\(word)(\(Self.rounded(number)) AS \(type))"
      return Made("coalesce(TRY_CAST(\(made.sql) AS \(type)), \(rounded))", kind)
    case (.text?, .date?):
      return Made(
        "CASE WHEN rlike(\(made.sql), '^\\\\s*[+-]?\\\\d+-\\\\d+-\\\\d+') THEN \(word)(\(made.sql) AS DATE) END", kind)
    case (.text?, .timestamp?):
      return Made(
        "CASE WHEN rlike(\(made.sql), '^\\\\s*[+-]?\\\\d+-\\\\d+-\\\\d+') THEN \(word)(\(made.sql) AS TIMESTAMP) END",
        kind)
    case (.real?, .text?): throw Untranslatable("numbers are written in another way there")
    case (.other?, .text?): throw Untranslatable("nested values are written in another way there")
    case (nil, .integer?) where made.kind == .unknown && made.sql != "NULL":
      throw Untranslatable("it may not round as here")
    case (nil, .text?) where made.kind == .unknown && made.sql != "NULL":
      throw Untranslatable("it may not write values as here")
    default: return Made("\(word)(\(made.sql) AS \(type))", kind)
    }
  }

  /// Half to the even neighbour, as here. Not every engine that speaks the dialect has a `rint` that does it.
  static func even(_ x: String) -> String {
    let whole = "CAST(floor(abs(\(x))) AS DOUBLE)"
    return
      "(CASE WHEN abs(\(x)) < 4503599627370496D THEN signum(\(x)) * (\(whole) + CASE WHEN abs(\(x)) - \(whole) > 0.5D "
      + "OR (abs(\(x)) - \(whole) = 0.5D AND \(whole) % 2D = 1D) THEN 1D ELSE 0D END) ELSE \(x) END)"
  }

  /// Half away from zero, as here.
  static func rounded(_ x: String) -> String {
    "(CASE WHEN abs(\(x)) < 4503599627370496D THEN signum(\(x)) * (CAST(floor(abs(\(x))) AS DOUBLE) + "
      + "CASE WHEN abs(\(x)) - CAST(floor(abs(\(x))) AS DOUBLE) >= 0.5D THEN 1D ELSE 0D END) ELSE \(x) END)"
  }
}

extension SparkExpression {
  /// Reads pieces by precedence.
  struct Reader {
    let expression: SparkExpression
    var rest: ArraySlice<SQLPiece>

    private mutating func take(_ word: String) -> Bool {
      guard rest.first?.isWord(word) == true else { return false }
      rest.removeFirst()
      return true
    }

    private mutating func take(sign: String) -> Bool {
      guard rest.first == .sign(sign) else { return false }
      rest.removeFirst()
      return true
    }

    private func plain(_ made: Made) throws -> Made {
      if made.kind == .order, !expression.statement.draws { throw Untranslatable("rows have no order there") }
      return made
    }

    /// - Parameter allowsOrder: a row's number alone may stand here.
    mutating func disjunction(allowsOrder: Bool = false) throws -> Made {
      var left = try conjunction()
      while take("OR") { left = Made("(\(left.sql) OR \(try conjunction().sql))", .boolean) }
      return allowsOrder || rest.isEmpty ? left : try plain(left)
    }

    private mutating func conjunction() throws -> Made {
      var left = try negation()
      while take("AND") { left = Made("(\(left.sql) AND \(try negation().sql))", .boolean) }
      return left
    }

    private mutating func negation() throws -> Made {
      take("NOT") ? Made("(NOT \(try negation().sql))", .boolean) : try comparison()
    }

    private mutating func comparison() throws -> Made {
      var left = try joined()
      while true {
        if take("IS") {
          let isNot = take("NOT")
          if take("NULL") {
            left = Made("(\(left.sql) IS \(isNot ? "NOT " : "")NULL)", .boolean)
          } else if take("DISTINCT"), take("FROM") {
            let equal = "(\(left.sql) <=> \(try joined().sql))"
            left = Made(isNot ? equal : "(NOT \(equal))", .boolean)
          } else {
            throw Untranslatable("it does not know what follows IS")
          }
          continue
        }
        let isNot =
          rest.first?.isWord("NOT") == true
          && rest.dropFirst().first.map {
            ["BETWEEN", "IN", "LIKE", "ILIKE"].contains($0.keyword ?? "")
          } == true
        if isNot { rest.removeFirst() }
        let no = isNot ? "NOT " : ""
        if take("BETWEEN") {
          let low = try joined()
          guard take("AND") else { throw Untranslatable("BETWEEN lacks its AND") }
          left = Made("(\(try plain(left).sql) \(no)BETWEEN \(low.sql) AND \(try joined().sql))", .boolean)
          continue
        }
        if take("IN") {
          guard case .group(let items)? = rest.popFirst(), items.first?.isWord("SELECT") != true else {
            throw Untranslatable("it looks into a query")
          }
          let list = try items.parts.map { try expression.sql($0) }
          left = Made("(\(left.sql) \(no)IN (\(list.joined(separator: ", "))))", .boolean)
          continue
        }
        if rest.first?.isWord("LIKE") == true || rest.first?.isWord("ILIKE") == true {
          let word = rest.popFirst()?.keyword ?? ""
          // A backslash is a sign as any other here.
          guard case .text(let pattern)? = rest.popFirst() else { throw Untranslatable("its pattern is no text") }
          let escaped = SQLDialect.spark.text(pattern.replacing("\\", with: "\\\\"))
          left = Made("(\(left.sql) \(no)\(word) \(escaped))", .boolean)
          continue
        }
        guard case .sign(let sign)? = rest.first, ["=", "==", "<>", "!=", "<", "<=", ">", ">="].contains(sign) else {
          return left
        }
        rest.removeFirst()
        left = Made("(\(try plain(left).sql) \(sign == "==" ? "=" : sign) \(try plain(joined()).sql))", .boolean)
      }
    }

    private mutating func joined() throws -> Made {
      var left = try sum()
      while take(sign: "||") {
        let right = try sum()
        let sides = try [left, right].map { side in
          switch side.kind.kind {
          case .text?: side.sql
          case .integer?, .boolean?, .date?: "CAST(\(side.sql) AS STRING)"
          default: throw Untranslatable("it joins what may be no text")
          }
        }
        left = Made("(\(sides.joined(separator: " || ")))", .text)
      }
      return left
    }

    private mutating func sum() throws -> Made {
      var left = try product()
      while case .sign(let sign)? = rest.first, sign == "+" || sign == "-" || sign == "&" || sign == "|" {
        rest.removeFirst()
        left = try Self.sum(sign, plain(left), plain(product()), expression)
      }
      return left
    }

    private static func sum(_ sign: String, _ left: Made, _ right: Made, _ expression: SparkExpression) throws -> Made {
      switch (left.kind.kind, sign, right.kind.kind) {
      case (.date?, "-", .date?): return Made("CAST(datediff(\(left.sql), \(right.sql)) AS BIGINT)", .integer)
      case (.date?, "+", .integer?): return Made("date_add(\(left.sql), CAST(\(right.sql) AS INT))", .date)
      case (.integer?, "+", .date?): return Made("date_add(\(right.sql), CAST(\(left.sql) AS INT))", .date)
      case (.date?, "-", .integer?): return Made("date_sub(\(left.sql), CAST(\(right.sql) AS INT))", .date)
      case (.timestamp?, "-", .timestamp?), (.timestamp?, "-", .date?), (.date?, "-", .timestamp?):
        return Made(
          "(unix_micros(CAST(\(left.sql) AS TIMESTAMP)) - unix_micros(CAST(\(right.sql) AS TIMESTAMP)))", .span)
      case (let first?, _, let second?) where first.isNumeric && second.isNumeric:
        let isWhole = first == .integer && second == .integer
        if isWhole, expression.isTrying, let name = ["+": "try_add", "-": "try_subtract"][sign] {
          return Made("\(name)(CAST(\(left.sql) AS BIGINT), CAST(\(right.sql) AS BIGINT))", .integer)
        }
        return Made("(\(left.sql) \(sign) \(right.sql))", isWhole ? .integer : .real)
      case (nil, _, _) where left.sql == "NULL", (_, _, nil) where right.sql == "NULL":
        return Made("(\(left.sql) \(sign) \(right.sql))", left.sql == "NULL" ? right.kind : left.kind)
      default: throw Untranslatable("it adds up what is not known to be numbers")
      }
    }

    private mutating func product() throws -> Made {
      var left = try unary()
      while case .sign(let sign)? = rest.first, ["*", "/", "//", "%"].contains(sign) {
        rest.removeFirst()
        let (first, second) = (try plain(left), try plain(unary()))
        let kinds = [first.kind.kind, second.kind.kind]
        guard kinds.allSatisfy({ $0?.isNumeric == true }) else {
          throw Untranslatable("it multiplies what is not known to be numbers")
        }
        let isWhole = kinds.allSatisfy { $0 == .integer }
        switch sign {
        case "//":
          guard isWhole else { throw Untranslatable("there is no // of decimals") }
          left = Made("(\(first.sql) div \(second.sql))", .integer)
        // Zero divides into an infinity here, and there it stops the query.
        case "/":
          let divisor = "CAST(\(second.sql) AS DOUBLE)"
          left = Made(
            "(\(first.sql) / \(Self.isNonZero(second.sql) ? second.sql : Self.guarded(divisor, first.sql)))", .real)
          if !Self.isNonZero(second.sql) { left = Made(Self.divided(first.sql, divisor), .real) }
        case "*" where isWhole && expression.isTrying:
          left = Made("try_multiply(CAST(\(first.sql) AS BIGINT), CAST(\(second.sql) AS BIGINT))", .integer)
        case "%" where !Self.isNonZero(second.sql):
          left = Made("(\(first.sql) % nullif(\(second.sql), 0))", isWhole ? .integer : .real)
        default: left = Made("(\(first.sql) \(sign) \(second.sql))", isWhole ? .integer : .real)
        }
      }
      return left
    }

    private static func isNonZero(_ sql: String) -> Bool {
      let digits = sql.replacing("CAST('", with: "").replacing("' AS DOUBLE)", with: "").trimming("D")
      return Double(digits).map { $0 != 0 } ?? false || sql.hasPrefix("nullif(")
    }

    private static func guarded(_ divisor: String, _ dividend: String) -> String { "nullif(\(divisor), 0)" }

    /// By IEEE 754: a number by zero is infinite, zero by zero is none.
    private static func divided(_ dividend: String, _ divisor: String) -> String {
      "(CASE WHEN \(divisor) = 0 THEN CASE WHEN isnan(CAST(\(dividend) AS DOUBLE)) OR CAST(\(dividend) AS DOUBLE) = 0 "
        + "THEN CAST('NaN' AS DOUBLE) WHEN CAST(\(dividend) AS DOUBLE) IS NULL THEN NULL "
        + "ELSE signum(CAST(\(dividend) AS DOUBLE)) * CAST('Infinity' AS DOUBLE) END "
        + "ELSE CAST(\(dividend) AS DOUBLE) / nullif(\(divisor), 0) END)"
    }

    private mutating func unary() throws -> Made {
      if take(sign: "-") {
        let made = try plain(unary())
        guard made.kind.kind?.isNumeric == true else {
          throw Untranslatable("it negates what is not known to be a number")
        }
        return Made("(-\(made.sql))", made.kind)
      }
      if take(sign: "+") { return try unary() }
      return try postfix()
    }

    private mutating func postfix() throws -> Made {
      var made = try primary()
      while let next = rest.first {
        if next == .sign("::") {
          rest.removeFirst()
          var type: [SQLPiece] = []
          guard let word = rest.popFirst() else { throw Untranslatable("a type is missing") }
          type.append(word)
          if case .group? = rest.first, word.isWord("DECIMAL"), let size = rest.popFirst() { type.append(size) }
          if case .list(let inner)? = rest.first, inner.isEmpty, let list = rest.popFirst() { type.append(list) }
          made = try expression.cast(made, to: type, tries: false)
        } else if case .list(let index) = next {
          rest.removeFirst()
          guard !index.contains(.sign(":")) else { throw Untranslatable("there are no parts of lists") }
          let key = try expression.sql(index)
          if case .nested(let type) = made.kind, let map = NestedType.map(type) {
            made = Made("try_element_at(\(made.sql), \(key))", TranslatedKind(type: map.value))
          } else {
            made = Made("try_element_at(\(made.sql), CAST(\(key) AS INT))", made.kind.element ?? .unknown)
          }
        } else {
          break
        }
      }
      return made
    }

    private mutating func primary() throws -> Made {
      guard let first = rest.popFirst() else { throw Untranslatable("an expression ends early") }
      switch first {
      case .number(let digits):
        let isWhole = digits.allSatisfy(\.isNumber)
        if isWhole { return Made(Int32(digits) == nil ? "\(digits)L" : digits, .integer) }
        return Made("CAST('\(digits)' AS DOUBLE)", .real)
      case .text(let text): return Made(SQLDialect.spark.text(text), .text)
      case .name(let name): return try column(name)
      case .list(let items):
        let values = try items.parts.map { try expression.value($0) }
        let kind = SparkExpression.common(values.filter { $0.sql != "NULL" }.map(\.kind))
        let name = kind.kind.flatMap { $0 == .other ? nil : $0.typeName }
        return Made(
          "array(\(values.map(\.sql).joined(separator: ", ")))", name.map { .nested($0 + "[]") } ?? .kind(.other))
      case .group(let inner):
        if inner.first?.isWord("SELECT") == true {
          let made = try expression.statement.select(inner)
          guard made.columns.count == 1, let column = made.columns.first else {
            throw Untranslatable("it asks for several values at once")
          }
          return Made("(\(made.sql))", column.kind)
        }
        if inner.parts.count > 1 { throw Untranslatable("it compares several values at once") }
        let made = try expression.value(inner)
        return Made("(\(made.sql))", made.kind)
      case .word(let word): return try self.word(word)
      case .sign(let sign): throw Untranslatable("it does not know what to make of \(sign)")
      }
    }

    private mutating func column(_ name: String) throws -> Made {
      var alias: String?
      var name = name
      if rest.first == .sign("."), let next = rest.dropFirst().first {
        let part: String
        switch next {
        case .name(let text), .word(let text): part = text
        default: throw Untranslatable("it reads a part of \(name)")
        }
        guard expression.scope.sources.contains(where: { $0.alias?.lowercased() == name.lowercased() }) else {
          throw Untranslatable("it reads a part of \(name)")
        }
        rest = rest.dropFirst(2)
        (alias, name) = (name, part)
      }
      if alias == nil, expression.scope.variables.contains(name) {
        return Made(SQLDialect.spark.identifier(name), .unknown)
      }
      let sources = expression.scope.sources.filter { source in
        alias.map { $0.lowercased() == source.alias?.lowercased() } ?? true
      }
      if alias == nil, !sources.contains(where: { $0.columns.contains { $0.name.lowercased() == name.lowercased() } }),
        let made = expression.context.value(name)
      {
        return made
      }
      guard let found = sources.flatMap(\.columns).first(where: { $0.name.lowercased() == name.lowercased() }) else {
        throw Untranslatable("it reads \(name)")
      }
      let quoted = SQLDialect.spark.identifier(found.name)
      return Made(alias.map { "\(SQLDialect.spark.identifier($0)).\(quoted)" } ?? quoted, found.kind)
    }

    private mutating func word(_ word: String) throws -> Made {
      let upper = word.uppercased()
      switch upper {
      case "NULL": return Made("NULL", .unknown)
      case "TRUE", "FALSE": return Made(upper, .boolean)
      case "CASE": return try choice()
      case "DATE", "TIMESTAMP":
        if case .text(let text)? = rest.first {
          rest.removeFirst()
          return Made("CAST(\(SQLDialect.spark.text(text)) AS \(upper))", upper == "DATE" ? .date : .timestamp)
        }
      case "CAST", "TRY_CAST":
        guard case .group(let inner)? = rest.popFirst(), let place = inner.lastIndex(where: { $0.isWord("AS") }) else {
          throw Untranslatable("a cast is unclear")
        }
        return try cast(Array(inner[..<place]), Array(inner[(place + 1)...]), tries: upper == "TRY_CAST")
      case "TRY":
        guard case .group(let inner)? = rest.popFirst() else { throw Untranslatable("TRY is unclear") }
        var lenient = expression
        lenient.isTrying = true
        return try lenient.value(inner)
      default: break
      }
      guard case .group(let inner)? = rest.first else { return try column(word) }
      rest.removeFirst()
      var filter: [SQLPiece]?
      if take("FILTER"), case .group(let condition)? = rest.popFirst() {
        filter = condition.first?.isWord("WHERE") == true ? Array(condition.dropFirst()) : condition
      }
      var window: [SQLPiece]?
      if take("OVER") {
        switch rest.popFirst() {
        case .group(let over)?: window = over
        case .word(let name)?: window = try expression.windows.named(name)
        default: throw Untranslatable("a window is unclear")
        }
      }
      return try expression.call(word.lowercased(), inner, filter: filter, window: window)
    }

    private func cast(_ operand: [SQLPiece], _ type: [SQLPiece], tries: Bool) throws -> Made {
      // A list of numbers that is written as one text.
      if operand.count == 1, case .text(let text) = operand[0], case .list? = type.last {
        let items = text.dropFirst().dropLast().split(separator: ",").map { $0.trimmingPrefix(" ") }
        guard type.first?.isWord("DOUBLE") == true else { throw Untranslatable("a list is written as a text") }
        let values = items.map { $0 == "NULL" ? "CAST(NULL AS DOUBLE)" : "CAST('\($0)' AS DOUBLE)" }
        return Made("array(\(values.joined(separator: ", ")))", .nested("DOUBLE[]"))
      }
      if operand.count == 1, case .text(let text) = operand[0], type.count == 1,
        ["DATE", "TIMESTAMP"].contains(type[0].keyword)
      {
        return Made(
          "CAST(\(SQLDialect.spark.text(text)) AS \(type[0].keyword ?? ""))", try SparkExpression.type(type).kind)
      }
      return try expression.cast(expression.value(operand), to: type, tries: tries)
    }

    private mutating func choice() throws -> Made {
      guard rest.first?.isWord("WHEN") == true else { throw Untranslatable("its CASE compares a value") }
      var sql = "CASE"
      var kinds: [TranslatedKind] = []
      while take("WHEN") {
        let condition = try disjunction()
        guard take("THEN") else { throw Untranslatable("its CASE lacks a THEN") }
        let value = try disjunction()
        if value.sql != "NULL" { kinds.append(value.kind) }
        sql += " WHEN \(condition.sql) THEN \(value.sql)"
      }
      if take("ELSE") {
        let value = try disjunction()
        if value.sql != "NULL" { kinds.append(value.kind) }
        sql += " ELSE \(value.sql)"
      }
      guard take("END") else { throw Untranslatable("its CASE does not end") }
      return Made(sql + " END", SparkExpression.common(kinds))
    }
  }

  /// The kind of values of several kinds.
  static func common(_ kinds: [TranslatedKind]) -> TranslatedKind {
    guard let first = kinds.first else { return .unknown }
    if kinds.allSatisfy({ $0 == first }) { return first }
    let numbers = kinds.compactMap(\.kind)
    return numbers.count == kinds.count && numbers.allSatisfy(\.isNumeric) ? .kind(.real) : .unknown
  }
}

extension String {
  /// Without a letter at the end.
  fileprivate func trimming(_ end: Character) -> String { last == end ? String(dropLast()) : self }
}
