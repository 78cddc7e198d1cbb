import Foundation

extension CommandRegistry {
  /// With a command on F12 that makes the process die of `kind`, for tests of what is left then: `segv`, `bus`, `ill`,
  /// `abrt`, `fpe`, `trap`, or `swift` for a failed check.
  func withCrash(_ kind: String) -> CommandRegistry {
    let crash = Command(
      "debug.crash", "Crash", "Makes the process die, for tests.", keys: ["f12"], group: .file
    ) { _ in
      switch kind {
      case "swift":
        let empty: [Int] = []
        return empty[0] == 0 ? [] : [.quit]
      case "bus": raise(SIGBUS)
      case "ill": raise(SIGILL)
      case "abrt": abort()
      case "fpe": raise(SIGFPE)
      case "trap": raise(SIGTRAP)
      default: raise(SIGSEGV)
      }
      return []
    }
    return CommandRegistry(commands: commands + [crash])
  }
}
