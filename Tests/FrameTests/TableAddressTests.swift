import Testing

@testable import Frame

struct TableAddressTests {
  @Test(arguments: [
    ("spark:orders", ["orders"]), ("SPARK://sales.orders", ["sales", "orders"]),
    ("spark:parquet.`/data/a.b`", ["parquet", "/data/a.b"]), ("spark:`a``b`.c", ["a`b", "c"]),
  ])
  func namesArePartsThatQuotesKeepTogether(text: String, parts: [String]) throws {
    let address = try TableAddress(text)
    #expect(address.parts == parts)
    #expect(try TableAddress(address.description) == address)
  }

  @Test func quotesAreDoubledForTheCluster() throws {
    #expect(try TableAddress("spark:`a``b`.c").sql == "`a``b`.`c`")
  }

  @Test(arguments: ["spark:", "spark:a..b", "spark:`a", "sales.orders"]) func whatNamesNoTableIsRefused(text: String) {
    #expect(throws: ClusterError.badName(text)) { try TableAddress(text) }
  }
}
