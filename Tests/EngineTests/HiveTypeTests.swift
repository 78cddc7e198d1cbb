import Testing

@testable import Engine

/// What the catalogue is told of columns.
@Suite struct HiveTypeTests {
  @Test(arguments: [
    ("INTEGER", "int"), ("UBIGINT", "bigint"), ("HUGEINT", "double"), ("DECIMAL(18,3)", "decimal(18,3)"),
    ("TIMESTAMP WITH TIME ZONE", "timestamp"), ("ENUM('a', 'b')", "string"), ("VARCHAR[]", "array<string>"),
    ("INTEGER[3][]", "array<array<int>>"), ("MAP(VARCHAR, DOUBLE[])", "map<string,array<double>>"),
    (
      "STRUCT(a INTEGER, \"b, c\" VARCHAR, D STRUCT(e DATE, f DECIMAL(4,1))[])",
      "struct<a:int,b, c:string,d:array<struct<e:date,f:decimal(4,1)>>>"
    ),
  ])
  func nestedTypesAreSpelledOut(_ type: String, _ name: String) {
    #expect(HiveType.name(of: type, in: .parquet) == name)
  }

  @Test(arguments: ["BOOLEAN", "DATE", "TIMESTAMP"]) func textFilesHoldTexts(_ type: String) {
    #expect(HiveType.name(of: type, in: .csv) == "string")
    #expect(HiveType.name(of: type, in: .parquet) != "string")
    #expect(HiveType.name(of: "BIGINT", in: .csv) == "bigint")
  }
}
