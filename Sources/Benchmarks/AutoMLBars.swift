// What `assay automl` makes of five tables in a minute, beside the best of other systems on the same splits, and beside FLAML
// and LightGBM run again where ASSAY_PEERS names a Python that has them.

import Foundation
import ProgramDriver

/// A table with its split, the figure that counts, and the best that others got of it in 60 s on two quiet cores.
private struct AutoMLTable {
  let name: String
  let metric: String
  let best: Double
  /// FLAML's with 60 s.
  let flaml: Double

  static let all = [
    AutoMLTable(name: "adult", metric: "auc", best: 0.9322, flaml: 0.9295),
    AutoMLTable(name: "german", metric: "auc", best: 0.7907, flaml: 0.7799),
    AutoMLTable(name: "titanic", metric: "auc", best: 0.8269, flaml: 0.8254),
    AutoMLTable(name: "letter", metric: "log_loss", best: 0.1148, flaml: 0.2562),
    AutoMLTable(name: "diamonds", metric: "rmse", best: 526.3, flaml: 526.3),
  ]

  func isBetter(_ value: Double, than other: Double) -> Bool { metric == "auc" ? value > other : value < other }
}

/// Python that trains on one file and prints the figure on the other.
private enum AutoMLPeer: String, CaseIterable {
  case lightgbm, flaml

  static let script = """
    import sys, pandas as pd, numpy as np
    from sklearn.metrics import roc_auc_score, log_loss, mean_squared_error
    system, folder, metric, seconds = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
    train, test = pd.read_csv(folder + '/train.csv'), pd.read_csv(folder + '/test.csv')
    y, z = train.pop('target'), test.pop('target')
    for c in train.columns[[not pd.api.types.is_numeric_dtype(t) for t in train.dtypes]]:
        kind = pd.CategoricalDtype(train[c].dropna().unique())
        train[c], test[c] = train[c].astype(kind), test[c].astype(kind)
    if system == 'lightgbm':
        import lightgbm
        model = (lightgbm.LGBMRegressor if metric == 'rmse' else lightgbm.LGBMClassifier)(n_jobs=2, verbose=-1)
        model.fit(train, y)
    else:
        from flaml import AutoML
        model = AutoML()
        task = 'regression' if metric == 'rmse' else 'classification'
        model.fit(train, y, task=task, time_budget=seconds, n_jobs=2, verbose=0, seed=0,
                  metric={'auc': 'roc_auc', 'log_loss': 'log_loss', 'rmse': 'rmse'}[metric])
    if metric == 'rmse': print(mean_squared_error(z, model.predict(test)) ** .5)
    else:
        p = model.predict_proba(test)
        print(roc_auc_score(z, p[:, 1]) if metric == 'auc' else log_loss(z, p, labels=model.classes_))
    """
}

extension Settings {
  func automlBars() throws -> [Bar] {
    guard let tabular else {
      throw ProgramError("automl needs --tabular, a folder of splits: adult/train.csv and so on")
    }
    return try AutoMLTable.all.flatMap { table in try [60.0, 10].map { try automlBar(table, seconds: $0, in: tabular) }
    }
  }

  private func automlBar(_ table: AutoMLTable, seconds: Double, in tabular: String) throws -> Bar {
    let wanted = seconds == 60 ? table.best : table.flaml
    var bar = Bar(
      name: "automl_\(table.name)_\(Int(seconds))_s",
      target: "\(table.metric) better than \(wanted), within 5 % of \(Int(seconds)) s")
    let model = folder.appendingPathComponent("automl-\(table.name)").path
    try? FileManager.default.removeItem(atPath: model)
    let data = tabular + "/" + table.name
    let run = try Program.run(
      assay,
      [
        "automl", data + "/train.csv", "--target", "target", "--test", data + "/test.csv", "--metric", table.metric,
        "--time-limit", "\(Int(seconds))", "--threads", "2", "-o", model, "--json",
      ], timeout: .seconds(seconds * 10 + 60))
    guard run.status.isSuccess else { throw ProgramError("automl: \(run.errorText.suffix(300))") }
    let report = try JSONSerialization.jsonObject(with: run.output) as? [String: Any]
    let figures = (report?["test"] as? [String: Any])?["metrics"] as? [String: Double]
    let board = report?["leaderboard"] as? [[String: Any]]
    let score = figures?[table.metric] ?? .nan
    bar.measured = [
      table.metric: score, "out_of_fold_" + table.metric: board?.first?["score"] as? Double ?? .nan,
      "candidates": Double((board?.count ?? 1) - 1), "wall_seconds": run.wallSeconds,
      "cpu_seconds": run.use.cpuSeconds,
    ]
    bar.isMet = table.isBetter(score, than: wanted) && run.wallSeconds <= seconds * 1.05
    bar.peers["best of others, 60 s, quiet machine"] = [table.metric: table.best]
    // On a busy machine a minute of wall time is less work than it says.
    if run.use.cpuSeconds < run.wallSeconds * 1.6 {
      bar.notes.append("the machine was busy: fewer than 1.6 CPU-s a second")
    }
    guard let python, seconds == 60 else { return bar }
    for peer in AutoMLPeer.allCases {
      let answer = try Program.run(
        python, ["-c", AutoMLPeer.script, peer.rawValue, data, table.metric, "\(Int(seconds))"], timeout: .seconds(900))
      guard answer.status.isSuccess, let value = Double(answer.text.split(separator: "\n").last ?? "") else {
        bar.notes.append("\(peer.rawValue): \(answer.errorText.suffix(200))")
        continue
      }
      bar.peers[peer.rawValue] = [
        table.metric: value, "wall_seconds": answer.wallSeconds, "cpu_seconds": answer.use.cpuSeconds,
      ]
    }
    return bar
  }
}
