// Which word vectors are better for the same CPU time: the ones that `assay embed train` makes when nothing is chosen, or gensim's.
// The corpus is a part of novels-16m that follows the 4 M words of novels-4m, on which the defaults were chosen.

import Foundation
import ProgramDriver

extension Settings {
  /// What more CPU time is best spent on: more epochs with smaller steps, and more of the frequent words.
  private static let thorough = ["--epochs", "20", "--learning-rate", "0.025", "--sampling-threshold", "0.001"]

  /// Both with all that can be chosen left as it is (gensim's skip-gram: the better of its two) against gensim's least, one epoch;
  /// and a thorough training against gensim's own five epochs.
  func contestBar(_ texts: String) throws -> Bar {
    var bar = Bar(
      name: "embed_contest", target: "better than gensim at all scores with no more CPU time, on words of another part")
    let corpus = try otherPart(texts)
    let model = folder.path + "/embed-contest"
    let common = ["embed", "train", corpus, "--mode", "batch_skipgram", "-o", model, "--threads", "2"]
    bar.measured = try trainings(model, common, repeats: 1)
    bar.measured.merge(try quality(model + "/vectors.txt", texts)) { $1 }
    let longer = try trainings(model, common + Self.thorough, repeats: 1)
    var long = try quality(model + "/vectors.txt", texts)
    long["cpu_seconds"] = longer["cpu_seconds"]
    for (name, figure) in long { bar.measured["thorough_" + name] = figure }
    guard let python else {
      bar.notes.append("ASSAY_PEERS names no Python with gensim")
      return bar
    }
    let output = folder.path + "/embed-gensim.txt"
    for epochs in [1, 5] {
      let script = """
        import sys
        from gensim.models import Word2Vec
        from gensim.models.word2vec import LineSentence
        model = Word2Vec(sentences=LineSentence(sys.argv[1]), sg=1, workers=2, epochs=\(epochs))
        model.wv.save_word2vec_format(sys.argv[2])
        """
      do {
        var figures = try measure(python, ["-c", script, corpus, output], repeats: 1)
        figures.merge(try quality(output, texts)) { $1 }
        bar.peers["gensim, epochs \(epochs)"] = figures
      } catch { bar.notes.append("\(error)") }
    }
    bar.isMet = bar.peers["gensim, epochs 1"].map { isBetter(bar.measured, than: $0) }
    if let own = bar.peers["gensim, epochs 5"] {
      bar.isMet = bar.isMet.map { $0 && isBetter(long, than: own) }
    }
    return bar
  }

  private func isBetter(_ own: [String: Double], than others: [String: Double]) -> Bool {
    guard let cost = own["cpu_seconds"], let limit = others["cpu_seconds"], cost <= limit else { return false }
    return ["spearman", "analogies_accuracy"].allSatisfy { own[$0] ?? -1 > others[$0] ?? .infinity }
  }

  private func otherPart(_ texts: String) throws -> String {
    let corpus = folder.path + "/novels-other.txt"
    guard !FileManager.default.fileExists(atPath: corpus) else { return corpus }
    let whole = try unpacked("novels-16m", texts)
    let first = try unpacked("novels-4m", texts)
    let script = #"n=$(wc -l < "$1"); tail -n +$((n + 1)) "$0" | head -n "$n" > "$2.part" && mv "$2.part" "$2""#
    let run = try Program.run("/bin/sh", ["-c", script, whole, first, corpus], timeout: .seconds(60))
    guard run.status.isSuccess else { throw ProgramError("the corpus: \(run.errorText.suffix(300))") }
    return corpus
  }
}
