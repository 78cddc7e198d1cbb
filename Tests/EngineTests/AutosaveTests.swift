import Foundation
import Testing

@testable import Engine

struct AutosaveTests {
  @Test func aProcessThatHasEndedIsNotAliveEvenBeforeItsParentAsks() throws {
    var child: pid_t = 0
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
    defer { free(arguments[0]) }
    try #require(posix_spawn(&child, "/bin/true", nil, nil, &arguments, nil) == 0)
    var info = siginfo_t()
    // Waits for its end and leaves it a zombie.
    waitid(P_PID, id_t(child), &info, WEXITED | WNOWAIT)
    #expect(!Autosave.isAlive(child))
    #expect(Autosave.isAlive(getpid()))
    waitpid(child, nil, 0)
  }
}
