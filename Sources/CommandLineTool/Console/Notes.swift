import Engine
import Synchronization

/// What a person should know about the data and how they were read: told once each, on the error stream.
final class Notes: Sendable {
  private let console: Console
  private let progress: ProgressLine
  private let told = Mutex<Set<String>>([])

  init(_ console: Console, _ progress: ProgressLine) {
    self.console = console
    self.progress = progress
  }

  /// Takes what work emits, and tells the notes among it.
  func take(_ partial: any Sendable) {
    if case .notes(let notes)? = partial as? JobOutput { tell(notes) }
  }

  func tell(_ notes: [String]) {
    for note in notes where told.withLock({ $0.insert(note).inserted }) {
      progress.clear()
      console.tell("assay: note: " + note)
    }
  }
}
