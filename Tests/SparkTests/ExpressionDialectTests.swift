import Frame
import Jobs
import ProgramDriver
import Testing

@testable import Flow
@testable import Spark

/// The same expressions, computed here and on a cluster, give the same values.
@Suite(.serialized, .enabled(if: SparkServer.isThere, "\(LocalServer.missing)"))
struct ExpressionDialectTests {
  /// Rows at the edges: nothing, zero, negative, huge, not a number, blanks, accents, quotes, leap days, midnight.
  private static let rows = """
    SELECT * FROM (VALUES
      (1, 3, 2.5::DOUBLE, 1.0::DOUBLE, 'Anna', 'a', true, DATE '2024-02-29', TIMESTAMP '2024-02-29 23:59:59.5'),
      (2, -7, -2.5, 0.5, 'bob', 'b', false, DATE '1999-12-31', TIMESTAMP '1999-12-31 00:00:00'),
      (3, 0, 0.0, -1.5, '', '', NULL, DATE '1970-01-01', TIMESTAMP '1970-01-01 00:00:00'),
      (4, NULL, NULL, 2.0, NULL, 'x', true, NULL, NULL),
      (5, 1000000007, 1e10, 3.0, '  two  words ', ' ', false, DATE '2023-01-01', TIMESTAMP '2023-01-01 12:30:15.123456'),
      (6, 12, 'nan'::DOUBLE, 0.1, 'Éclair 42', '42', true, DATE '2020-12-28', TIMESTAMP '2020-12-28 06:07:08'),
      (7, -1, 0.5, -0.5, 'it''s \\d "q"', '1.5', NULL, DATE '2021-01-03', TIMESTAMP '2021-01-03 18:00:00'),
      (8, 5, 1.5, 1e-3, '🦆 quack', '-12', false, DATE '1900-03-01', TIMESTAMP '1969-12-31 23:59:59'),
      (9, 8, 1234.5678, 2.675, 'a.b%c_d', '2024-01-15', true, DATE '2000-10-15', TIMESTAMP '2000-10-15 01:02:03')
    ) t(id, n, x, y, t, u, f, d, s)
    """

  static let expressions: [String] = {
    var all: [String] = []
    for column in ["n", "x", "y"] {
      all += ["abs", "floor", "ceil", "round", "sign", "ln", "log10", "sqrt"].map { "\($0)(\(column))" }
      all += ["-\(column)", "\(column) is null", "\(column) is not null", "int(\(column))", "float(\(column))"]
      all += ["\(column) in (0, 2.5, 3)", "\(column) not in (1, 5)", "\(column) between 0 and 2", "bool(\(column))"]
      all += ["round(\(column), 1)", "round(\(column), 2)", "round(\(column), -1)", "coalesce(\(column), -1)"]
      all += [
        "nullif(\(column), 0)", "least(\(column), 2)", "greatest(\(column), 2, 0.5)",
        "if(\(column) > 1, 'big', 'small')",
      ]
      for other in ["n", "x", "y", "2", "0", "0.5"] where other != column {
        all += ["+", "-", "*", "/"].map { "\(column) \($0) \(other)" }
      }
      for other in ["n", "x", "1"] where other != column {
        all += ["==", "!=", "<", "<=", ">", ">="].map { "\(column) \($0) \(other)" }
      }
      all += ["case when \(column) > 2 then 1 when \(column) < 0 then -1 end"]
    }
    all += [
      "n % 3", "n % y", "x % 2", "n // 2", "-7 // 2", "n ^ 2", "y ^ 0.5", "x ^ 3", "power(2, n / 1000)", "exp(y)",
      "exp(n / 1e9)",
    ]
    for column in ["t", "u"] {
      all += ["length", "lower", "upper", "trim", "text"].map { "\($0)(\(column))" }
      all += ["int(\(column))", "float(\(column))", "date(\(column))", "\(column) is null", "\(column) == ''"]
      all += [
        "substr(\(column), 2)", "substr(\(column), 1, 3)", "substr(\(column), 3, 2)", "replace(\(column), 'a', 'AA')",
      ]
      all += ["contains(\(column), 'a')", "starts_with(\(column), 'a')", "ends_with(\(column), 's ')"]
      all += ["\(column) like '%a%'", "\(column) like '_nn%'", "\(column) not like '%2%'", "\(column) ilike 'A%'"]
      all += [
        "\(column) ~ '^[A-Z]'", "\(column) ~ '\\\\d+$'", "regexp_matches(\(column), '\\\\s')",
        "regexp_matches(\(column), 'b|q')",
      ]
      all += [
        "concat(\(column), '-', n)", "concat(\(column), d, f)", "\(column) < 'b'", "\(column) in ('a', 'bob', '')",
      ]
      all += [
        "coalesce(\(column), 'none')", "nullif(\(column), '')", "least(\(column), 'b')", "greatest(\(column), 'b')",
      ]
    }
    for column in ["d", "s"] {
      all += ["year", "month", "day", "dayofweek"].map { "\($0)(\(column))" }
      all += ["date(\(column))", "timestamp(\(column))", "text(date(\(column)))", "\(column) is null"]
      all += [
        "\(column) > date('2000-01-01')", "\(column) <= timestamp('2020-12-28 06:07:08')", "coalesce(\(column), d)",
      ]
      all += ["year", "quarter", "month", "week", "day"].map { "date_diff('\($0)', date('2001-07-15'), \(column))" }
    }
    all += [
      "hour(s)", "minute(s)", "date_diff('hour', timestamp('2000-01-01'), s)",
      "date_diff('minute', s, timestamp('2000-01-01'))",
    ]
    all += [
      "date_diff('second', timestamp('1969-12-31 12:00:00'), s)", "d + 1", "d - 30", "d + n % 10",
      "d - date('2000-01-01')",
    ]
    all += [
      "f and n > 0", "f or n > 0", "not f", "f == true", "f is null", "text(f)", "int(f)", "if(f, n, -n)",
      "coalesce(f, false)",
    ]
    all += [
      "(n + 1) * (x - y) / 3", "round(x / 3, 4)", "n > 0 and x > 0 or f", "not (t like 'a%')",
      "if(t is null, 0, length(t)) + n",
    ]
    all += [
      "'it''s'", "'back\\\\slash'", "1 / 0", "0.1 + 0.2", "null", "true", "currency(u)", "matches(t, 'BOB')",
      "matches(t, 'bob')",
    ]
    return all
  }()

  @Test func thereAreManyExpressions() { #expect(Set(Self.expressions).count >= 200) }

  @Test func expressionsGiveTheSameValuesThereAsHere() throws {
    let bench = try Bench()
    let table = try bench.view(Self.rows)
    let schema = try bench.database.describe(Self.rows)
    var refused: [String] = []
    var equal = 0
    for start in stride(from: 0, to: Self.expressions.count, by: 20) {
      let some = Array(Self.expressions[start..<min(start + 20, Self.expressions.count)])
      // Together, which is quick; one by one where something is wrong.
      if case .success(nil) = Result(catching: { try difference(some, bench, table, schema) }) {
        equal += some.count
        continue
      }
      for expression in some {
        do {
          let found = try difference([expression], bench, table, schema)
          #expect(found == nil, "\(expression)")
          equal += found == nil ? 1 : 0
        } catch FlowError.cannot(_, _, let reason) {
          #expect(reason.contains("bring the rows here"))
          refused.append(expression + ": " + reason)
        } catch {
          Issue.record("\(expression): \(error)")
        }
      }
    }
    #expect(equal >= 200, "\(equal) equal of \(Self.expressions.count)")
    #expect(refused.count < 20, "\(refused.joined(separator: "\n"))")
  }

  /// What is there and what is here, where they differ.
  private func difference(_ expressions: [String], _ bench: Bench, _ table: String, _ schema: Schema) throws -> String?
  {
    var graph = FlowGraph()
    let source = graph.addSource(Source(location: "rows"))
    var step = source
    for (place, expression) in expressions.enumerated() {
      step = try graph.add(.derive(name: "made \(place)", expression: expression), after: step)
    }
    step = try graph.add(.select(["id"] + expressions.indices.map { "made \($0)" }), after: step)
    let compiler = Compiler(graph, relations: [source: Relation(sql: Self.rows, schema: schema)])
    let here = try bench.here(compiler.sql(for: step))
    let relation = try compiler.clusterRelation(of: step, tables: [source: table])
    let there = try bench.there(relation.sql, relation.schema)
    return here == there ? nil : "\(there) there, \(here) here\n\(relation.sql)"
  }
}
