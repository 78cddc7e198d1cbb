import Foundation
import ProgramDriver
import Testing

@Suite struct ProgramDriverTests {
  @Test func aProgramsOutputErrorsStatusAndUseAreReturned() throws {
    let result = try Program.run(
      "sh", ["-c", "cat; echo $WORD; echo oops >&2; exit 3"], environment: ["WORD": "hello"],
      input: Data("in\n".utf8))
    #expect(result.text == "in\nhello\n")
    #expect(result.errorText == "oops\n")
    #expect(result.status == .exited(3))
    #expect(result.use.peakResidentBytes > 100_000)
    #expect(result.use.cpuSeconds >= 0 && result.use.cpuSeconds < 5)
  }

  @Test func cpuTimeAndSignalsAreSeen() throws {
    let result = try Program.run("sh", ["-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; kill -9 $$"])
    #expect(result.status == .signalled(9))
    #expect(result.use.userSeconds > 0.01)
  }

  @Test func aProgramThatHangsIsKilled() {
    #expect(throws: ProgramError.self) { try Program.run("sleep", ["60"], timeout: .milliseconds(100)) }
  }

  @Test func aTerminalTakesKeysAndShowsTheScreen() throws {
    let terminal = try TmuxSession(
      ["sh", "-c", "echo ready; read line; stty size; echo \"got $line in $HOME\"; exec sleep 60"],
      width: 100, height: 5)
    defer { terminal.end() }
    try terminal.wait(for: "ready")
    try terminal.resize(width: 90, height: 8)
    try terminal.type("x → y")
    try terminal.press("Enter")
    let rows = try terminal.wait(for: "got x → y in \(terminal.home.path("home"))")
    #expect(rows.count == 8)
    #expect(rows.contains("8 90"))
    #expect(try terminal.exitStatus() == nil)
    try terminal.signal(SIGKILL)
    guard case .signalled = try terminal.waitForExit() else {
      Issue.record("a killed program counts as ended by a signal")
      return
    }
  }

  @Test func aTerminalTellsHowTheProgramEnded() throws {
    let terminal = try TmuxSession(["sh", "-c", "exit 7"])
    defer { terminal.end() }
    #expect(try terminal.waitForExit() == .exited(7))
  }

  @Test func aPseudoTerminalTimesAnswers() throws {
    let terminal = try PseudoTerminal(
      ["sh", "-c", "stty size; read line; echo answer $line; exit 4"], width: 200, height: 60)
    let greeting = terminal.read(until: .now + .seconds(5), quiet: .seconds(5), contains: "60 200")
    #expect(greeting.contains("60 200"))
    try terminal.write("one\n")
    let answer = terminal.read(until: .now + .seconds(5), quiet: .seconds(5), contains: "answer one")
    #expect(answer.contains("answer one"))
    #expect(try terminal.waitForExit(upTo: .seconds(5)).0 == .exited(4))
  }
}
