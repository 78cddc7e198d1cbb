import Grid
import Testing
import Widgets

@testable import Terminal

@Suite struct TerminalTests {
  @Test func coloursAreNumberedAsTheTerminalHasThem() {
    let style = Style(foreground: .rgb(255, 0, 0), background: .ansi(214))
    #expect(Palette(depth: .mono, colors: 0).resolve(style) == (-1, -1, 0))
    #expect(Palette(depth: .direct, colors: 1 << 24).resolve(style).foreground == 0xFF0000)
    #expect(Palette(depth: .indexed256, colors: 256).resolve(style).background == 214)
    #expect(Palette(depth: .ansi16, colors: 16).resolve(style).foreground < 16)
    #expect(Palette(depth: .direct, colors: 1 << 24).resolve(Style(foreground: .rgb(0, 0, 3))).foreground == 8)
  }

  @Test func eightColoursGetTheirBrightHalfThroughBold() {
    let eight = Palette(depth: .ansi16, colors: 8)
    #expect(eight.resolve(Style(foreground: .ansi(11))) == (3, -1, Int32(Attributes.bold.rawValue)))
    #expect(eight.resolve(Style(foreground: .ansi(8))).foreground == -1)
    #expect(eight.resolve(Style(background: .ansi(12))).background == 4)
  }

  @Test func everyTerminalTypeHasADescriptionToTry() {
    func types(_ type: String, _ depth: ColorDepth = .ansi16) -> [String] {
      TerminalScreen.types(TerminalEnvironment(["TERM": type]), wanted: depth)
    }
    #expect(types("xterm-256color").first == "xterm-256color")
    #expect(types("xterm", .indexed256).first == "xterm-256color")
    #expect(types("xterm").first == "xterm")
    #expect(types("dumb").first == "vt100")
    #expect(types("xterm-kitty").contains("xterm-256color"))
    #expect(types("") == ["vt100", "ansi"])
  }

  @Test func simpleTerminalsGetNoSequencesBesideTerminfo() {
    for type in ["dumb", "linux", "vt100", ""] {
      let modes = TerminalModes(environment: TerminalEnvironment(["TERM": type]), mouse: true)
      #expect(modes.enter + modes.restore + modes.title("x") + modes.copy("x") == "")
    }
  }

  @Test func whatIsSwitchedOnIsSwitchedOff() {
    let modes = TerminalModes(environment: TerminalEnvironment(["TERM": "xterm-256color"]), mouse: true)
    for mode in ["2004", "1000", "1002", "1006"] {
      #expect(modes.enter.contains("[?\(mode)h"))
      #expect(modes.restore.contains("[?\(mode)l"))
    }
    let quiet = TerminalModes(environment: TerminalEnvironment(["TERM": "xterm-256color"]), mouse: false)
    #expect(!quiet.enter.contains("1006"))
  }

  @Test func titlesCannotSmuggleSequences() {
    let modes = TerminalModes(environment: TerminalEnvironment(["TERM": "xterm"]), mouse: false)
    #expect(modes.title("a\u{1B}]0;b\u{07}c\n") == "\u{1B}]2;a]0;bc\u{07}")
  }

  @Test func theClipboardIsWrappedForTheMultiplexerAndLimited() {
    func copy(_ variables: [String: String], _ text: String = "hi") -> String {
      let all = variables.merging(["TERM": "xterm"]) { first, _ in first }
      return TerminalModes(environment: TerminalEnvironment(all), mouse: false).copy(text)
    }
    #expect(copy([:]) == "\u{1B}]52;c;aGk=\u{07}")
    #expect(copy(["TMUX": "x"]).contains("\u{1B}Ptmux;\u{1B}\u{1B}]52;c;aGk=\u{07}\u{1B}\\"))
    #expect(copy(["STY": "x"]).hasPrefix("\u{1B}P\u{1B}]52"))
    let long = String(repeating: "x", count: 80_000)
    #expect(copy([:], long) == "")
    #expect(!fitsClipboard(long))
    #expect(fitsClipboard("hi"))
  }
}
