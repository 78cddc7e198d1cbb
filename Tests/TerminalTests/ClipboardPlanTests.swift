import Foundation
import Grid
import Testing

@testable import Terminal

struct ClipboardPlanTests {
  private func plan(
    _ variables: [String: String], text: String = "hi", setting: ClipboardSetting = .auto, tools: Set<String> = []
  ) -> ClipboardPlan {
    let all = ["TERM": "xterm", "PATH": "/bin"].merging(variables) { $1 }
    let modes = TerminalModes(environment: TerminalEnvironment(all), mouse: false)
    return ClipboardPlan(text, setting: setting, modes: modes, variables: all) { tools.contains($0) }
  }

  @Test func aDesktopsToolAndTheTerminalBothGetTheText() {
    let found = plan(["WAYLAND_DISPLAY": "w"], tools: ["/bin/wl-copy"])
    #expect(found.tool?.name == "wl-copy" && !found.sequence.isEmpty)
    #expect(plan([:], tools: ["/bin/wl-copy"]).tool == nil)
    #expect(plan(["DISPLAY": ":0"], tools: ["/bin/xsel"]).tool?.arguments == ["--clipboard", "--input"])
  }

  @Test func overSSHOnlyTheTerminalIsAsked() {
    let found = plan(["DISPLAY": ":10", "SSH_CONNECTION": "a"], tools: ["/bin/xclip"])
    #expect(found.tool == nil && !found.sequence.isEmpty)
  }

  @Test func aRefusalSaysWhy() {
    #expect(plan(["TERM": "linux"]).refusal(.auto)?.contains("TERM=linux") ?? false)
    let long = String(repeating: "x", count: 60_000)
    #expect(plan([:], text: long).refusal(.auto)?.contains("at most 56 kB") ?? false)
    #expect(plan([:], setting: .native).refusal(.native)?.contains("no clipboard tool") ?? false)
    #expect(plan([:], setting: .off).refusal(.off)?.contains("switched off") ?? false)
    #expect(plan([:]).refusal(.auto) == nil)
  }

  @Test func theSettingComesFromTheEnvironment() {
    #expect(ClipboardSetting(environment: ["ASSAY_CLIPBOARD": "OSC52"]) == .osc52)
    #expect(ClipboardSetting(environment: ["ASSAY_CLIPBOARD": "what"]) == .auto)
    #expect(ClipboardSetting(environment: [:]) == .auto)
  }

  @Test func aToolGetsTheWholeTextAndItsFailureIsTold() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("assay-copy-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let text = String(repeating: "0123456789", count: 50_000)
    #expect(feed(text, to: ClipboardTool(name: "sh", path: "/bin/sh", arguments: ["-c", "cat > '\(path)'"])) == nil)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    #expect(
      feed("x", to: ClipboardTool(name: "sh", path: "/bin/sh", arguments: ["-c", "exit 3"]))?.contains("3") ?? false)
    #expect(feed("x", to: ClipboardTool(name: "no", path: "/nowhere/no")) != nil)
    let slow = ClipboardTool(name: "sleep", path: "/bin/sleep", arguments: ["9"])
    #expect(feed("x", to: slow, seconds: 0.2) == "did not answer")
  }
}
