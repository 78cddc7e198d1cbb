import Grid
import Testing

@Suite struct TerminalEnvironmentTests {
  private func depth(
    _ variables: [String: String], option: ColorDepth? = nil, terminfo: Int? = nil
  ) -> ColorDepth {
    TerminalEnvironment(variables).colorDepth(option: option, terminfo: terminfo)
  }

  @Test func theOptionWinsThenNoColorThenForceThenTheTerminal() {
    let all = ["NO_COLOR": "1", "FORCE_COLOR": "3", "COLORTERM": "truecolor", "TERM": "xterm-256color"]
    #expect(depth(all, option: .ansi16) == .ansi16)
    #expect(depth(all) == .mono)
    #expect(depth(["FORCE_COLOR": "3", "TERM": "vt100"]) == .direct)
    #expect(depth(["CLICOLOR_FORCE": "1", "TERM": "dumb"]) == .ansi16)
    #expect(depth(["COLORTERM": "truecolor", "TERM": "xterm"]) == .direct)
    #expect(depth(["TERM": "xterm-256color"]) == .indexed256)
    #expect(depth(["TERM": "other"]) == .ansi16)
    #expect(depth(["TERM": "other"], terminfo: 256) == .indexed256)
    #expect(depth(["TERM": "other"], terminfo: 0) == .mono)
    #expect(depth(["TERM": "dumb"]) == .mono)
  }

  @Test func anEmptyNoColorMeansNothing() {
    #expect(depth(["NO_COLOR": "", "TERM": "xterm-256color"]) == .indexed256)
  }

  @Test func optionsAreRead() {
    #expect(TerminalEnvironment.colorOption("never") == .mono)
    #expect(TerminalEnvironment.colorOption("256") == .indexed256)
    #expect(TerminalEnvironment.colorOption("direct") == .direct)
    #expect(TerminalEnvironment.colorOption("auto") == nil)
  }

  @Test(arguments: [
    (["LANG": "en_US.UTF-8", "TERM": "xterm"], GlyphSet.braille), (["LC_ALL": "C", "LANG": "en_US.UTF-8"], .ascii),
    (["TERM": "xterm"], .braille), (["TERM": "linux", "LANG": "C.UTF-8"], .block), (["TERM": "vt220"], .ascii),
    (["TERM": "dumb", "LANG": "C.utf8"], .ascii), (["LANG": "de_DE@euro"], .ascii),
  ]) func glyphsFollowLocaleAndTerminal(_ variables: [String: String], _ glyphs: GlyphSet) {
    #expect(TerminalEnvironment(variables).glyphs == glyphs)
  }
}
