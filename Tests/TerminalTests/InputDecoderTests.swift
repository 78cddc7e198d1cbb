import CNcurses
import Grid
import Testing
import Widgets

@testable import Terminal

@Suite struct InputDecoderTests {
  /// The events of a stream of codes that is all there at once.
  private func events(_ codes: [Int32], names: [Int32: String] = [:], clock: [Double] = []) -> [InputEvent] {
    let stream = Stream(codes, clock)
    var decoder = InputDecoder(
      next: { stream.next() }, nextSoon: { _ in stream.next() }, keyName: { names[$0] ?? "" }, now: { stream.time() })
    return decoder.drain()
  }

  private func events(_ text: String) -> [InputEvent] { events(text.unicodeScalars.map { Int32($0.value) }) }

  private final class Stream {
    private var codes: ArraySlice<Int32>
    private var clock: ArraySlice<Double>
    init(_ codes: [Int32], _ clock: [Double]) {
      self.codes = codes[...]
      self.clock = clock[...]
    }
    func next() -> Int32 { codes.popFirst() ?? InputDecoder.nothing }
    func time() -> Double { clock.popFirst() ?? 0 }
  }

  @Test func charactersAndControls() {
    #expect(events("aG é") == ["a", "G", " ", "é"].map { .key(.character($0)) })
    #expect(events("\u{10}\u{1A}\t\r\n") == [.control("p"), .control("z"), .tab, .enter, .enter].map { .key($0) })
    #expect(events("\u{7F}\u{08}\u{00}") == [.backspace, .backspace, .control(" ")].map { .key($0) })
  }

  @Test func escapeAloneAndAlt() {
    #expect(events("\u{1B}") == [.key(.escape)])
    #expect(events("\u{1B}f") == [.key(.alt("f"))])
    #expect(events("\u{1B}\u{1B}") == [.key(.escape), .key(.escape)])
    #expect(events("\u{1B}[") == [.key(.alt("["))])
  }

  @Test func sequencesThatTerminfoLacks() {
    #expect(events("\u{1B}[A\u{1B}OB") == [.key(.up), .key(.down)])
    #expect(events("\u{1B}[1;5C") == [.key(KeyEvent(.right, .control))])
    #expect(events("\u{1B}[5;2~\u{1B}[24~") == [.key(KeyEvent(.pageUp, .shift)), .key(KeyEvent(.function(12)))])
    #expect(events("\u{1B}[Z") == [.key(.backTab)])
  }

  @Test func unknownSequencesTypeNothing() {
    #expect(events("\u{1B}[?1;2c\u{1B}[99~a") == [.key(.character("a"))])
  }

  @Test func namedKeys() {
    let key = Int32(NC_KEY)
    let names = [key + 1: "KEY_UP", key + 2: "KEY_F(10)", key + 3: "kUP5", key + 4: "KEY_BTAB", key + 5: "KEY_OTHER"]
    #expect(
      events([key + 1, key + 2, key + 3, key + 4, key + 5], names: names)
        == [.up, KeyEvent(.function(10)), KeyEvent(.up, .control), .backTab].map { .key($0) })
  }

  @Test func pastedTextIsOneEvent() {
    #expect(events("\u{1B}[200~a\r\nb\u{1B}[Ac\u{1B}[201~x") == [.paste("a\nb\u{1B}[Ac"), .key(.character("x"))])
    #expect(events("\u{1B}[200~never ends") == [.paste("never ends")])
  }

  private func mouse(_ reports: [String], clock: [Double] = []) -> [InputEvent] {
    events(reports.flatMap { [Int32(NC_MOUSE_SGR)] + $0.unicodeScalars.map { Int32($0.value) } }, clock: clock)
  }

  @Test func mouseReports() {
    let at = Point(x: 299, y: 1)
    #expect(
      mouse(["0;300;2M", "0;300;2m", "32;300;2M", "64;300;2M", "65;300;2M", "22;300;2M"]) == [
        .mouse(MouseEvent(.press(.left, clicks: 1), at: at)), .mouse(MouseEvent(.release(.left), at: at)),
        .mouse(MouseEvent(.drag(.left), at: at)), .mouse(MouseEvent(.scroll(.up), at: at)),
        .mouse(MouseEvent(.scroll(.down), at: at)),
        .mouse(MouseEvent(.press(.right, clicks: 1), at: at, [.shift, .control])),
      ])
    #expect(mouse(["0;0;0M", "0;5M", "x"]).isEmpty)
  }

  @Test func quickPressesOnOneCellAreADoubleClick() {
    func clicks(_ reports: [String], _ clock: [Double]) -> [Int] {
      mouse(reports, clock: clock).map { event in
        if case .mouse(let mouse) = event, case .press(_, let clicks) = mouse.kind { clicks } else { 0 }
      }
    }
    #expect(clicks(["0;1;1M", "0;1;1M"], [0, 0.2]) == [1, 2])
    #expect(clicks(["0;1;1M", "0;1;1M"], [0, 0.6]) == [1, 1])
    #expect(clicks(["0;1;1M", "0;2;1M"], [0, 0.2]) == [1, 1])
  }

  @Test func oldMouseReports() {
    #expect(
      events([Int32(NC_MOUSE_X10), 32, 33 + 4, 33 + 2])
        == [.mouse(MouseEvent(.press(.left, clicks: 1), at: Point(x: 4, y: 2)))])
  }
}
