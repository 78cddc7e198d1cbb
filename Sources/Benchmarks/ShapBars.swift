// What SHAP values cost, beside XGBoost, LightGBM, shap and fasttreeshap (where ASSAY_PEERS names a Python that has
// them). The Python also trains the models; without it there is nothing to explain.

import Explain
import Foundation
import Frame
import ProgramDriver
import Synchronization

/// CPU seconds of this process.
private func cpuSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// The Python that trains the models and times the others, one figure a line.
private enum ShapPeers {
  static let training = """
    import sys, numpy as np, xgboost as xgb
    folder = sys.argv[1]
    rng = np.random.default_rng(0)
    x = rng.normal(size=(20000, 30)).astype(np.float32)
    x[rng.random(x.shape) < 0.05] = np.nan
    z = np.nan_to_num(x)
    y = (z[:, 0] * z[:, 1] + np.sin(z[:, 2] * 2) + z[:, 3] - 0.5 * z[:, 4] ** 2 + 0.3 * z[:, 5:15] @ rng.normal(size=10)
         + rng.normal(size=20000) > 0).astype(int)
    for depth in (6, 8):
        options = dict(objective='binary:logistic', max_depth=depth, eta=0.1, nthread=2, tree_method='hist', seed=0)
        xgb.train(options, xgb.DMatrix(x, y), 200).save_model(f'{folder}/shap-{depth}.json')
    try:
        import lightgbm as lgb
        options = dict(objective='binary', max_depth=6, num_leaves=64, learning_rate=0.1, num_threads=2, verbose=-1, seed=0)
        lgb.train(options, lgb.Dataset(x, y), 200).save_model(f'{folder}/shap-lightgbm.txt')
    except ImportError:
        pass
    np.save(f'{folder}/shap-rows.npy', x)
    with open(f'{folder}/shap-rows.csv', 'w') as file:
        file.write(','.join(f'f{i}' for i in range(30)) + '\\n')
        for row in x[:10000]:
            file.write(','.join('' if np.isnan(v) else repr(float(v)) for v in row) + '\\n')
    """

  /// A model of the prices of diamonds, whose cuts, colours and clarities are numbers.
  static let diamonds = """
    import sys, numpy as np, pandas as pd, xgboost as xgb
    table, folder = sys.argv[1:]
    d = pd.read_csv(f'{table}/train.csv')
    y = d.pop('target')
    for name in ('cut', 'color', 'clarity'): d[name] = d[name].astype('category').cat.codes
    options = dict(max_depth=6, eta=0.1, nthread=2, tree_method='hist', seed=0)
    xgb.train(options, xgb.DMatrix(d, np.log(y)), 200).save_model(f'{folder}/diamonds.json')
    d.to_csv(f'{folder}/diamonds.csv', index=False)
    """

  /// Prints the CPU seconds of one piece of work; reading and converting the model is not counted.
  static let measuring = """
    import sys, time, numpy as np, xgboost as xgb
    folder, work = sys.argv[1:]
    x = np.load(f'{folder}/shap-rows.npy')
    def fast():
        try:
            import fasttreeshap_fixed
            return fasttreeshap_fixed
        except ImportError:
            import fasttreeshap
            return fasttreeshap
    def booster(depth):
        model = xgb.Booster(); model.load_model(f'{folder}/shap-{depth}.json'); return model
    if work == 'xgboost 6':
        model, data = booster(6), xgb.DMatrix(x[:10000]); run = lambda: model.predict(data, pred_contribs=True)
    elif work == 'lightgbm 6':
        import lightgbm as lgb
        model = lgb.Booster(model_file=f'{folder}/shap-lightgbm.txt'); data = x[:10000]
        run = lambda: model.predict(data, pred_contrib=True, num_threads=2)
    elif work == 'shap 6':
        import shap
        explainer = shap.TreeExplainer(booster(6), feature_perturbation='tree_path_dependent')
        run = lambda: explainer.shap_values(x[:10000])
    elif work == 'xgboost 8':
        model, data = booster(8), xgb.DMatrix(x[:2000]); run = lambda: model.predict(data, pred_contribs=True)
    elif work == 'xgboost interactions':
        model, data = booster(6), xgb.DMatrix(x[:300]); run = lambda: model.predict(data, pred_interactions=True)
    elif work == 'shap interventional':
        import shap
        explainer = shap.TreeExplainer(booster(6), x[10000:10100], feature_perturbation='interventional')
        run = lambda: explainer.shap_values(x[:300])
    elif work == 'fasttreeshap 6':
        fasttreeshap = fast()
        explainer = fasttreeshap.TreeExplainer(booster(6), algorithm='v2', n_jobs=2)
        run = lambda: explainer.shap_values(x[:10000], check_additivity=False)
    elif work == 'fasttreeshap 8':
        fasttreeshap = fast()
        explainer = fasttreeshap.TreeExplainer(booster(8), algorithm='v2', n_jobs=2)
        run = lambda: explainer.shap_values(x[:2000], check_additivity=False)
    elif work.startswith('shap kernel'):
        import shap
        model = booster(6)
        if 'framework' in work:
            weights = np.linspace(-1, 1, 30); f = lambda rows: rows @ weights
        else:
            f = lambda rows: model.predict(xgb.DMatrix(rows.astype(np.float32)), output_margin=True)
        explainer = shap.KernelExplainer(f, np.nan_to_num(x[9000:9100]).astype(np.float64))
        samples = 1000 if '1000' in work else 'auto'
        run = lambda: explainer.shap_values(np.nan_to_num(x[:100]).astype(np.float64), nsamples=samples, silent=True)
    start = time.process_time(); run(); print(time.process_time() - start)
    """

  static func seconds(_ work: String, python: String, folder: String) throws -> Double {
    let run = try Program.run(
      "/usr/bin/env", ["OMP_WAIT_POLICY=passive", python, "-c", measuring, folder, work], timeout: .seconds(900))
    guard run.status.isSuccess, let seconds = Double(run.text.split(separator: "\n").last ?? "") else {
      throw ProgramError("\(work): \(run.errorText.suffix(300))")
    }
    return seconds
  }
}

extension Settings {
  func shapBars() throws -> [Bar] {
    guard let python else {
      throw ProgramError("SHAP bars need ASSAY_PEERS, a Python with xgboost (shap and fasttreeshap where there are)")
    }
    let models = folder.path
    if !FileManager.default.fileExists(atPath: models + "/shap-rows.csv") {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let run = try Program.run(python, ["-c", ShapPeers.training, models], timeout: .seconds(600))
      guard run.status.isSuccess else { throw ProgramError("training: \(run.errorText.suffix(300))") }
    }
    let shallow = try TreeEnsemble(contentsOf: models + "/shap-6.json")
    let deep = try TreeEnsemble(contentsOf: models + "/shap-8.json")
    let rows = try Self.rows(models + "/shap-rows.csv")
    let background = rows.selecting(Array(9000..<9100))
    let few = rows.selecting(Array(0..<300))
    let level = KernelLevel.best
    let limits: [KernelLevel: Double] = [.avx512: 0.05, .avx2: 0.15, .portable: 0.35]

    var values = try bar(
      "shap_10000_rows_200_trees_depth_6", "at most 0.05 CPU-s with AVX-512, 0.15 with AVX2, 0.35 portable",
      limits[level] ?? 0.35, peers: ["xgboost 6", "lightgbm 6", "shap 6", "fasttreeshap 6"]
    ) { try TreeExplainer(shallow, level: level).explain(rows) }
    let others = try KernelLevel.allCases.filter { $0.rawValue < level.rawValue }.reversed().map { other in
      let limit = limits[other] ?? 0.35
      return try bar("shap_10000_rows_200_trees_depth_6_\(other)", "at most \(limit) CPU-s", limit, peers: []) {
        try TreeExplainer(shallow, level: other).explain(rows)
      }
    }
    // LightGBM explains its own model: as many trees, as deep, of the same rows.
    if let other = try? TreeEnsemble(contentsOf: models + "/shap-lightgbm.txt") {
      values.measured["lightgbm_model_cpu_seconds"] = try seconds { try TreeExplainer(other).explain(rows) }.min()
    }
    let explainer = try TreeExplainer(shallow)
    values.measured["prepared_cpu_seconds"] = try seconds { try explainer.explain(rows) }.min()
    values.measured["additivity_error"] = try explainer.explain(rows).additivityError
    return try [values] + others + [
      try bar("shap_2000_rows_200_trees_depth_8", "at most 0.15 CPU-s", 0.15, peers: ["xgboost 8", "fasttreeshap 8"]) {
        try TreeExplainer(deep, level: level).explain(rows.selecting(Array(0..<2000)))
      },
      try bar("shap_interactions_300_rows", "at most 0.3 CPU-s", 0.3, peers: ["xgboost interactions"]) {
        try TreeExplainer(shallow, hasInteractions: true, level: level).explain(few)
      },
      try bar("shap_interventional_300_rows_100_background", "at most 0.1 CPU-s", 0.1, peers: ["shap interventional"]) {
        try TreeExplainer(shallow, background: background, level: level).explain(few)
      },
      try explainBar(models),
    ] + kernelBars(shallow, rows)
  }

  /// KernelSHAP: 100 rows, 100 rows of background, 30 features without missing values.
  private func kernelBars(_ model: TreeEnsemble, _ rows: FeatureRows) throws -> [Bar] {
    let filled = FeatureRows(count: rows.count, columns: rows.columns.map { $0.map { $0.isNaN ? 0 : $0 } })
    let some = filled.selecting(Array(0..<100))
    let background = filled.selecting(Array(9000..<9100))
    func values(_ samples: Int?) throws -> ShapValues {
      try CoalitionExplainer(model, background: background, options: .init(samples: samples)).explain(some)
    }
    var whole = try bar("kernel_shap_100_rows_100_background", "at most 5 CPU-s", 5, peers: ["shap kernel"]) {
      try values(nil)
    }
    let found = try values(nil)
    whole.measured["additivity_error"] = found.additivityError
    // How far from the exact values, beside how far they say they are.
    let exact = try TreeExplainer(model, background: background).explain(some)
    let squares = zip(found.values, exact.values).map { ($0 - $1) * ($0 - $1) }
    whole.measured["error"] = (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    let told = found.standardErrors.map { $0 * $0 }
    whole.measured["standard_error"] = (told.reduce(0, +) / Double(max(told.count, 1))).squareRoot()
    return [
      whole,
      try bar("kernel_shap_1000_samples", "at most 2 CPU-s", 2, peers: ["shap kernel 1000"]) { try values(1000) },
      try frameworkBar(some, background),
    ]
  }

  /// A sum as the model: what is not its own time is the framework's.
  private func frameworkBar(_ rows: FeatureRows, _ background: FeatureRows) throws -> Bar {
    var bar = Bar(name: "kernel_shap_framework_alone", target: "at most 1 CPU-s, without the model's own time")
    let columns = zip(background.columns, rows.columns).map(+)
    let weights = (0..<30).map { Double($0) / 14.5 - 1 }
    let (best, model) =
      try (0..<max(repeats, 3)).map { _ -> (Double, Double) in
        let spent = Mutex(0.0)
        let start = cpuSeconds()
        _ = try CoalitionExplainer(options: .init()).explain(
          rows: Array(100..<200), features: 30, outputs: 1, background: BackgroundRows(rows: 100, features: 30),
          isSame: { columns[$0][$1] == columns[$0][$2] },
          predict: { picks in
            let start = cpuSeconds()
            var result = Array(repeating: 0.0, count: picks[0].count)
            for feature in 0..<30 {
              for (at, row) in picks[feature].enumerated() { result[at] += weights[feature] * columns[feature][row] }
            }
            spent.withLock { $0 += cpuSeconds() - start }
            return result
          })
        return (cpuSeconds() - start, spent.withLock { $0 })
      }.min { $0.0 - $0.1 < $1.0 - $1.1 } ?? (.infinity, 0)
    bar.measured = ["cpu_seconds": best - model, "model_cpu_seconds": model]
    bar.isMet = best - model <= 1
    do {
      bar.peers["shap kernel framework"] = [
        "cpu_seconds": try ShapPeers.seconds("shap kernel framework", python: python ?? "python3", folder: folder.path)
      ]
    } catch {
      bar.notes.append("\(error)")
    }
    return bar
  }

  /// The whole subcommand, CSV to CSV.
  private func explainBar(_ models: String) throws -> Bar {
    var bar = Bar(name: "explain_10000_rows_csv_to_csv", target: "at most 0.6 CPU-s")
    let arguments = [
      "explain", models + "/shap-6.json", models + "/shap-rows.csv", "-o", models + "/shap-values.csv",
    ]
    bar.measured = try measure(assay, arguments, repeats: repeats)
    bar.isMet = bar.measured["cpu_seconds"].map { $0 <= 0.6 }
    return bar
  }

  /// From Parquet to Parquet: more rows take no more memory, but for what a few blocks of them more or less take.
  func shapMemoryBars() throws -> [Bar] {
    guard let table = tabular.map({ $0 + "/diamonds" }), FileManager.default.fileExists(atPath: table), let python
    else {
      throw ProgramError("the memory of explanations needs --tabular DIR with diamonds in it, and ASSAY_PEERS")
    }
    let models = folder.path
    if !FileManager.default.fileExists(atPath: models + "/diamonds.csv") {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let run = try Program.run(python, ["-c", ShapPeers.diamonds, table, models], timeout: .seconds(300))
      guard run.status.isSuccess else { throw ProgramError("training: \(run.errorText.suffix(300))") }
    }
    var bar = Bar(
      name: "explain_1000000_rows_parquet_to_parquet",
      target: "the peak of 1,000,000 rows, and of ten times as many, at most 32 MB above that of 300,000")
    var peaks: [Double] = []
    for rows in [300_000, 1_000_000, 3_000_000, 10_000_000] {
      let file = models + "/diamonds-\(rows).parquet"
      if !FileManager.default.fileExists(atPath: file) {
        try Database().execute(
          "COPY (SELECT d.* FROM range(200) AS r(i), read_csv(\(SQL.text(models + "/diamonds.csv"))) AS d LIMIT \(rows)) "
            + "TO \(SQL.text(file)) (FORMAT parquet)")
      }
      let found = try measure(
        assay, ["explain", models + "/diamonds.json", file, "-o", models + "/diamonds-values.parquet"],
        repeats: rows > 1_000_000 ? 1 : 3, timeout: .seconds(900))
      peaks.append(found["peak_megabytes"] ?? .infinity)
      for (name, value) in found { bar.measured["\(name)_\(rows)"] = value }
    }
    bar.isMet = peaks.dropFirst().allSatisfy { $0 - peaks[0] <= 32 }
    return [bar]
  }

  private func bar(
    _ name: String, _ target: String, _ limit: Double, peers: [String], _ work: () throws -> ShapValues
  ) throws -> Bar {
    var bar = Bar(name: name, target: target)
    let all = try seconds(work)
    let least = all.min() ?? .infinity
    // A busy machine only adds: the least of the runs is what the work takes.
    (bar.measured["cpu_seconds"], bar.measured["median_cpu_seconds"]) = (least, all.median)
    bar.isMet = least <= limit
    for peer in peers {
      do {
        bar.peers[peer] = [
          "cpu_seconds": try ShapPeers.seconds(peer, python: python ?? "python3", folder: folder.path)
        ]
      } catch {
        bar.notes.append("\(error)")
      }
    }
    return bar
  }

  /// CPU seconds of each of some runs, on one thread.
  private func seconds(_ work: () throws -> ShapValues) throws -> [Double] {
    try (0..<max(repeats, 5)).map { _ in
      let start = cpuSeconds()
      _ = try work()
      return cpuSeconds() - start
    }
  }

  private static func rows(_ path: String) throws -> FeatureRows {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst()
    let table = lines.map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
    }
    let features = table.first?.count ?? 0
    return FeatureRows(count: table.count, columns: (0..<features).map { feature in table.map { $0[feature] } })
  }
}
