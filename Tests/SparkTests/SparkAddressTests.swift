import Testing

@testable import Spark

@Suite struct SparkAddressTests {
  @Test func aClassIsSaidOnceHoweverSparkBeginsItsMessage() {
    for start in ["", "\n", " "] {
      let error = SparkError.failed(
        message: "\(start)[PARSE_SYNTAX_ERROR] Syntax error at 'FORM'. SQLSTATE: 42601",
        errorClass: "PARSE_SYNTAX_ERROR",
        sqlState: "42601")
      #expect("\(error)" == "[PARSE_SYNTAX_ERROR] SQLSTATE 42601: Syntax error at 'FORM'.")
    }
  }

  @Test func anAddressHasHostPortAndParameters() throws {
    let address = try SparkAddress("sc://spark.example.com:443/;use_ssl=true;token=a%20secret;user_id=ada;x-team=blue")
    #expect(address.host == "spark.example.com")
    #expect(address.port == 443)
    #expect(address.usesTLS)
    #expect(address.token == "a secret")
    #expect(address.user == "ada")
    #expect(address.headers == [SparkAddress.Header(name: "x-team", value: "blue")])
  }

  @Test func thePortOfSparkConnectIsWhatAnAddressWithoutOneMeans() throws {
    #expect(try SparkAddress("sc://localhost").port == 15_002)
    #expect(try SparkAddress("sc://[::1]:99").host == "::1")
    #expect(try SparkAddress("sc://[::1]").port == 15_002)
  }

  @Test func aTokenIsNeverPrintedAndNeverSentInTheOpen() throws {
    let address = try SparkAddress("sc://far.example.com/;token=hush")
    #expect(!"\(address)".contains("hush"))
    #expect(address.usesTLS)
    let error = #expect(throws: SparkError.self) { try SparkAddress("sc://far.example.com/;token=hush;use_ssl=false") }
    #expect(error.map { "\($0)".contains("hush") } == false)
  }

  @Test(arguments: ["localhost:15002", "sc://", "sc://host:0", "sc://host:99999", "sc://host/path", "sc://host/;token"])
  func whatIsNoAddressIsRefusedWithAnExample(_ text: String) {
    let error = #expect(throws: SparkError.self) { try SparkAddress(text) }
    #expect(error.map { "\($0)".contains("sc://HOST:PORT") } == true)
  }
}
