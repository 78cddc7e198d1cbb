import Engine
import Synchronization

/// What a person should know about the data and how they were read: told once each, on the error stream.
final class Notes: Sendable {
  private let console: Console
  private let progress: ProgressLine
  private let told = Mutex<Set<String>>([])
  private let candidates = Mutex(0)

  init(_ console: Console, _ progress: ProgressLine) {
    self.console = console
    self.progress = progress
  }

  /// Takes what work emits, and tells the notes and the candidates among it.
  func take(_ partial: any Sendable) {
    switch partial as? JobOutput {
    case .notes(let notes)?: tell(notes)
    case .candidate(let candidate)?:
      guard candidate.row != nil else { break }
      progress.clear()
      let isFirst = candidates.withLock { count in
        count += 1
        return count == 1
      }
      if isFirst { console.tell(CandidateText.header(candidate.metric)) }
      console.tell(CandidateText.line(candidate))
    default: break
    }
  }

  func tell(_ notes: [String]) {
    for note in notes where told.withLock({ $0.insert(note).inserted }) {
      progress.clear()
      console.tell("assay: note: " + note)
    }
  }
}
