import Testing

@testable import Spark

@Suite struct ProtoMessageTests {
  @Test func whatIsWrittenIsRead() throws {
    let message = ProtoMessage().with(1, "naïve").with(300, -7).with(2, ProtoMessage().with(5, 1 << 40))
    let fields = try ProtoField.all(of: message.bytes[...])
    #expect(fields.map(\.number) == [1, 300, 2])
    #expect(fields[0].text == "naïve")
    #expect(fields[1].integer == -7)
    #expect(try ProtoField.all(of: fields[2].bytes).first(5)?.integer == 1 << 40)
  }

  @Test func damageIsRefusedAtEveryLength() throws {
    let whole = ProtoMessage().with(1, "some text").with(2, 123_456).bytes
    for count in 1..<whole.count {
      let part = whole[..<count]
      // A cut between two fields leaves a shorter message; anywhere else it is damage.
      if (try? ProtoField.all(of: part)) != nil { #expect(count == 11) }
    }
    #expect(throws: SparkError.self) { try ProtoField.all(of: [0x0b]) }
    #expect(throws: SparkError.self) { try ProtoField.all(of: [0x0a] + Array(repeating: 0xff, count: 9) + [0x01]) }
  }
}
