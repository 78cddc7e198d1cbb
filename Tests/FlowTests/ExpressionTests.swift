import Frame
import Testing

@testable import Flow

@Suite struct ExpressionTests {
  private let database: Database
  private let schema: Schema

  init() throws {
    database = try Database()
    schema = try database.describe(peopleSQL)
  }

  /// The expression's value for each of the nine rows, `-` where missing.
  private func values(_ text: String) throws -> [String] {
    let expression = try ExpressionParser.parse(text, schema: schema)
    let table = try database.query("SELECT \(expression.columnSQL) AS v FROM (\(peopleSQL)) ORDER BY id")
    #expect(table.columns[0].column.kind == expression.column(named: "v").kind, "\(text)")
    #expect(table.columns[0].column.type == expression.column(named: "v").type, "\(text)")
    return (0..<table.rowCount).map { table.text($0, 0) ?? "-" }
  }

  /// The ids of the rows that a condition keeps.
  private func kept(_ text: String) throws -> [Int] {
    let expression = try ExpressionParser.parseCondition(text, schema: schema)
    let table = try database.query(
      "SELECT id FROM (\(peopleSQL)) WHERE \(expression.conditionSQL) ORDER BY id")
    return (0..<table.rowCount).compactMap { table.text($0, 0).flatMap { Int($0) } }
  }

  private func message(_ text: String) -> String {
    do {
      _ = try ExpressionParser.parseCondition(text, schema: schema)
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test func conditionsKeepTheRowsForWhichTheyHold() throws {
    #expect(try kept("age > 38") == [1, 2, 7, 8])
    #expect(try kept("age = 50 or age == 28") == [2, 5])
    #expect(try kept("age != 50 && sex <> 'F'") == [5, 8, 9])
    #expect(try kept("not (age >= 38) | name == 'Ann'") == [1, 5, 6, 9])
    #expect(try kept("!active || id == 9") == [2, 5, 8, 9])
    #expect(try kept("age between 37 and 39") == [1, 3, 6])
    #expect(try kept("age not between 30 and 50 and sex in ('M')") == [5, 8])
    #expect(try kept("sex not in ('F', 'X')") == [2, 5, 8, 9])
    #expect(try kept("age is null") == [4])
    #expect(try kept("name is not null and age is not null and gain is null") == [3])
    #expect(try kept("name like '_a%'") == [7, 9])
    #expect(try kept("name ilike 'a%' or name not like '%e%' and id > 6") == [1, 7, 8, 9])
    #expect(try kept("name ~ '^[A-C]'") == [1, 2, 3])
    #expect(try kept("name !~ '[aeiou]'") == [1, 3])
  }

  @Test func comparisonBindsTighterThanNotAndThanAnd() throws {
    #expect(try kept("not age > 38 and sex == 'F'") == [3, 6])
    #expect(try values("2 + 3 * 4 ^ 2 / 8 - -1").first == "9.0")
    #expect(try values("-2 ^ 2").first == "-4.0")
    #expect(try values("2 ** 3 ** 2").first == "512.0")
    #expect(try values("(2 + 3) * 4 % 7").first == "6")
    #expect(try values("7 // 2").first == "3")
  }

  @Test func doubleQuotesNameAColumnOrElseAText() throws {
    #expect(try kept("sex == \"F\" and age > 38") == [1])
    #expect(try kept("\"age\" > 50") == [8])
    #expect(try kept("[age] > 50 and AGE < 99") == [8])
  }

  @Test func anExactNameGoesBeforeOneOfAnotherCase() throws {
    let schema = [Column(name: "Age", type: "BIGINT"), Column(name: "age", type: "VARCHAR")]
    #expect(try ExpressionParser.parse("age", schema: schema).kind == .text)
    #expect(try ExpressionParser.parse("Age", schema: schema).kind == .integer)
    #expect(try ExpressionParser.parse("AGE", schema: schema).kind == .integer)
  }

  @Test func datesCompareWithTexts() throws {
    #expect(try kept("hired >= '2024-01-31'") == [1, 2, 6, 8])
    #expect(try kept("hired == date '2024-02-29'") == [2])
    #expect(try kept("hired in ('2024-02-29', '2020-07-04')") == [2, 5])
    #expect(try kept("timestamp(hired) > timestamp '2024-02-29 12:00'") == [8])
    #expect(try values("hired + 1")[1] == "2024-03-01")
    #expect(try values("hired - '2024-01-01'")[0] == "30")
    #expect(try values("date_diff('month', hired, date '2024-03-01')")[2] == "3")
    #expect(try values("year(hired) * 100 + month(hired)")[4] == "202007")
    #expect(try values("dayofweek(date '2024-01-07')")[0] == "0")
  }

  @Test func functionsComputeWhatTheirHelpSays() throws {
    let expected: [(String, String)] = [
      ("abs(-3)", "3"), ("round(2.567, 1)", "2.6"), ("round(-2.5)", "-3.0"), ("floor(-1.5)", "-2.0"),
      ("ceil(1.2)", "2.0"),
      ("sign(-7)", "-1"), ("ln(exp(2))", "2.0"), ("log10(1000)", "3.0"), ("sqrt(16)", "4.0"),
      ("power(2, 10)", "1024.0"),
      ("length('ä€😀')", "3"), ("lower('ABC')", "abc"), ("upper('abc')", "ABC"), ("trim('  x ')", "x"),
      ("substr('hello', 2, 3)", "ell"), ("substr('hello', 4)", "lo"), ("replace('aXbX', 'X', '-')", "a-b-"),
      ("concat('a', null, 1, true)", "a1true"), ("contains('abc', 'b')", "true"), ("starts_with('abc', 'b')", "false"),
      ("ends_with('abc', 'bc')", "true"), ("regexp_matches('xay', 'a')", "true"), ("day(date '2024-02-29')", "29"),
      ("hour(timestamp '2024-01-01 13:45:59')", "13"), ("minute(timestamp '2024-01-01T13:45:59')", "45"),
      ("if(1 < 2, 'yes', 'no')", "yes"), ("coalesce(null, 3, 4)", "3"), ("nullif(3, 3)", "-"), ("least(3, 1.5)", "1.5"),
      ("greatest('a', 'b')", "b"), ("int('3.6')", "4"), ("int('x')", "-"), ("float(' 2.5 ')", "2.5"),
      ("text(1.5)", "1.5"),
      ("bool('yes')", "true"), ("date('2024-12-31')", "2024-12-31"), ("timestamp('2024-12-31')", "2024-12-31 00:00:00"),
      ("case when 1 > 2 then 'a' when null is null then 'b' else 'c' end", "b"), ("case when false then 1 end", "-"),
      ("'it''s'", "it's"), ("null", "-"), ("1e3", "1000.0"), ("99999999999999999999", "1e+20"), (".5 + 1.", "1.5"),
    ]
    for (text, value) in expected { #expect(try values(text).first == value, "\(text)") }
  }

  @Test func whatCannotBeComputedIsMissing() throws {
    #expect(try values("id / (id - 1)").prefix(2) == ["-", "2.0"])
    #expect(try values("id % (id - 1)").prefix(2) == ["-", "0"])
    #expect(try values("ln(id - 2)").prefix(3) == ["-", "-", "0.0"])
    #expect(try values("sqrt(2 - id)").prefix(3) == ["1.0", "0.0", "-"])
    #expect(try values("9223372036854775807 + (id - 1)").prefix(2) == ["9223372036854775807", "-"])
    #expect(try values("id * 2000000000").last == "18000000000")
    #expect(try values("float(code)") == ["10.0", "-", "7.5", "3.0", "-", "100.0", "-", "0.0", "-4.0"])
    #expect(try kept("ln(id - 2) >= 0") == [3, 4, 5, 6, 7, 8, 9])
  }

  @Test func columnsAreCollected() throws {
    let expression = try ExpressionParser.parse("if(AGE > 3, name, concat([sex], 'x'))", schema: schema)
    #expect(expression.columns == ["age", "name", "sex"])
  }

  @Test func faultsNameThePlaceAndTheRemedy() {
    let expected: [(String, String)] = [
      ("agee > 3", "no column \"agee\" – did you mean age? (at character 1)"),
      ("id > 3 and [agee] > 3", "no column \"agee\" – did you mean age? (at character 12)"),
      ("lenght(name) > 3", "no function \"lenght\" – did you mean length? (at character 1)"),
      (
        "age > 'x'",
        "age is a whole number and 'x' is text: they cannot be compared; expected a number (at character 1)"
      ),
      (
        "name > 3",
        "name is text and 3 is a whole number: they cannot be compared; expected '3' or float(name) (at character 1)"
      ),
      (
        "\"agee\" > 3",
        "\"agee\" is text and 3 is a whole number: they cannot be compared; expected '3' or float(\"agee\") – did you mean age? (at character 1)"
      ),
      (
        "active == 1",
        "active is true or false and 1 is a whole number: they cannot be compared; expected true or false (at character 1)"
      ),
      (
        "age",
        "the expression yields a whole number, not true or false; expected a comparison such as age > 30 (at character 1)"
      ),
      ("age >", "the expression ends too early; expected a value (at character 6)"),
      ("", "the expression is empty; expected a value (at character 1)"),
      ("(age > 3", "the expression ends too early; expected an operator or ) (at character 9)"),
      ("age > 3)", "unexpected ); expected an operator or the end (at character 8)"),
      ("age > 3 4", "unexpected 4; expected an operator or the end (at character 9)"),
      ("name == 'x", "the text has no end; expected a closing ' (at character 9)"),
      ("1 < age < 3", "comparisons cannot be chained; expected and or or or between … and … (at character 9)"),
      ("age == null", "nothing is equal to null; expected is null or is not null (at character 8)"),
      ("age in ()", "the list is empty; expected a value (at character 9)"),
      ("age and true", "and needs true or false, and age is a whole number; expected bool(age) (at character 1)"),
      ("name + 1 > 2", "+ needs a number, and name is text; expected float(name) (at character 1)"),
      ("hired > '2024-02-30'", "'2024-02-30' is no date; expected a date such as '2024-12-31' (at character 9)"),
      ("round() > 1", "round is given 0 arguments; expected round(x, digits) (at character 1)"),
      (
        "if(age > 3, 1, 'x') > 0",
        "the values are of different types: 'x' is text; expected a whole number (at character 16)"
      ),
      ("age > 3 @", "\"@\" means nothing here (at character 9)"),
      ("3x > 1", "a number cannot be followed by \"x\" (at character 1)"),
      ("age is 3", "unexpected 3; expected null (at character 8)"),
      ("sex not 'F'", "unexpected 'F'; expected in or like or ilike or between (at character 9)"),
      ("case age end", "unexpected age; expected when (at character 6)"),
    ]
    for (text, sentence) in expected { #expect(message(text) == sentence, "\(text)") }
  }

  @Test func aNameThatNeedsBracketsIsSuggestedWithThem() {
    let schema = [Column(name: "hours-per-week", type: "BIGINT")]
    let error = #expect(throws: ExpressionError.self) {
      try ExpressionParser.parse("hours-per-week > 40", schema: schema)
    }
    #expect(error?.suggestion == "[hours-per-week]")
    #expect(error?.pointer == "^^^^^")
  }

  @Test func textOfAUserNeverBecomesCode() throws {
    let hostile = "x'); DROP TABLE t; --"
    let escaped = hostile.replacing("'", with: "''")
    #expect(try values("'\(escaped)'").first == hostile)
    let schema = [Column(name: "a\"; DROP TABLE t; --", type: "BIGINT")]
    let expression = try ExpressionParser.parse("[a\"; DROP TABLE t; --] + 1", schema: schema)
    #expect(expression.columnSQL.contains("\"a\"\"; DROP TABLE t; --\""))
    #expect(message("read_csv('/etc/passwd') == 1").hasPrefix("no function \"read_csv\""))
  }

  @Test func deepAndLongExpressionsAreRefusedNotCrashed() {
    #expect(message(String(repeating: "(", count: 100_000)).contains("more than 200 levels"))
    #expect(message(String(repeating: "not ", count: 100_000)).contains("more than 200 levels"))
    #expect(
      message(Array(repeating: "id", count: 5000).joined(separator: "+") + " > 1").contains("more than 200 levels"))
    let list = (0..<5000).map(String.init).joined(separator: ", ")
    #expect(message("id in (\(list))") == "no error")
  }
}
