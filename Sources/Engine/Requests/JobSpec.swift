import Explain
import Flow
import Frame
import Jobs
import Learn
import Plot

/// A step of a flow, and how one looks at it. Looking (sort, the rows behind a mark) never changes the flow.
public struct NodeRequest: Codable, Sendable, Equatable {
  public var graph: FlowGraph
  public var node: StepID
  public var look: Look

  public init(graph: FlowGraph, node: StepID, look: Look = Look()) {
    self.graph = graph
    self.node = node
    self.look = look
  }

  /// A source alone, as the subcommands use it.
  public init(source: Source) {
    var graph = FlowGraph()
    node = graph.addSource(source)
    self.graph = graph
    look = Look()
  }
}

extension NodeRequest {
  /// The request with values in place of the flow's parameters.
  /// - Throws: `FlowError` where a step on the way lacks one.
  func filled() throws -> NodeRequest {
    try graph.checkFilled(upTo: node)
    return NodeRequest(graph: graph.filled, node: node, look: look)
  }

  /// What the step is called: a source by its file.
  var title: String {
    guard let step = graph[node] else { return "step" }
    if case .source(let source) = step.operation, step.name == nil { return source.name }
    return step.title
  }
}

/// Everything that the engine can be asked to do. Screens, subcommands and sessions all speak this.
public enum JobSpec: Codable, Sendable, Equatable {
  /// Schema and first rows of a source.
  case preview(Source)
  /// The names of the sheets of a workbook.
  case sheets(Source)
  /// Makes a step ready to be browsed: emits `.opened` parts as they become known, ends with the exact count.
  case open(NodeRequest)
  /// Rows of a step that is open.
  case rows(NodeRequest, Range<Int>)
  /// The last rows, before the count is known.
  case tail(NodeRequest, Int)
  /// Finds a row in which a pattern is found, and counts all of them: emits `.found` as soon as there is one.
  case find(NodeRequest, Search)
  /// Where a row stands that has this id in the table below the look.
  case locate(NodeRequest, row: Int)
  /// The ids of rows `range` of a look in the table below it.
  case rowIDs(NodeRequest, Range<Int>)
  /// How many rows a look shows.
  case count(NodeRequest)
  /// How many cells become missing when columns are read as other types, by column.
  case losses(NodeRequest)
  /// What stands under each column's name.
  case header(NodeRequest)
  case analyze(NodeRequest, AnalysisSpec)
  /// One column in depth, and what it says about a target.
  case inspect(NodeRequest, column: String, target: String?)
  /// Rows, columns and missing cells before and after a step.
  case effect(NodeRequest)
  /// Learns what the step learns from its input.
  case fit(NodeRequest)
  /// How a column of the step came to be; a look plays no part.
  case lineage(NodeRequest, column: String)
  /// Writes the rows of a step to a file; its ending chooses the format.
  case write(NodeRequest, path: String, format: SourceFormat?)
  /// Rows of a step that is open, as text for the clipboard.
  case copy(NodeRequest, CopyRequest)
  /// Writes a chart to a file; its ending chooses the format.
  case exportChart(Chart, path: String, options: ChartFileOptions)
  /// Writes a report as Markdown, text or JSON, or its charts as pictures: the path's ending chooses.
  case exportReport(InsightResult, path: String, title: String)
  /// The same of a study of bias.
  case exportBias(BiasResult, path: String, title: String)
  /// The same of an explanation.
  case exportExplanation(ExplainedTable, path: String, title: String)
  /// Writes explained texts with the values of their parts as JSON, JSON lines, CSV or Parquet: the path's ending chooses.
  case exportTexts(TextExplanation, path: String)
  /// Writes a flow as a script that `assay run` runs, or the rows of a step as SQL: the path's ending chooses.
  case exportFlow(FlowFile, node: StepID?, path: String)
  /// Trains models on a step into a folder, which may hold the beginning of the same run: emits `.candidate` for each.
  /// Candidates are judged on the rows of `validation` instead of folds, and the ensemble in the end on those of `test`.
  case automl(
    NodeRequest, AutoMLOptions, validation: NodeRequest? = nil, test: NodeRequest?, folder: String)
  /// What a training would begin with, without training anything.
  case planTraining(NodeRequest, AutoMLOptions, validation: NodeRequest? = nil)
  /// What the rows of a step are that a training is to learn from, without training anything.
  case explore(NodeRequest, ExplorationRequest)
  /// Asks the training that writes a folder to wait, go on, end, or try something next.
  case steerTraining(folder: String, AutoMLControl.Request)
  /// What the label of a step would be taken for, and whether the options of a training go with it.
  case problem(NodeRequest, AutoMLOptions)
  /// What a folder holds of a run: `.history`, nil where it holds none.
  case history(folder: String)
  /// A candidate of a run in depth, or its ensemble.
  case candidate(folder: String, number: Int?)
  /// What the loss of each column costs the model of a run, on rows of a step or on those that judge the run.
  case importance(NodeRequest, AutoMLStudy)
  /// Which columns move the predictions of a model of a run: of a candidate, or of the ensemble.
  case modelShap(NodeRequest, AutoMLStudy, candidate: Int?)
  /// How the predictions of a model of a run differ between groups.
  case modelBias(NodeRequest, AutoMLStudy, ModelBiasQuestion)
  /// What a folder keeps of the exploration of its rows: `.explored`, or nothing.
  case keptExploration(folder: String)
  /// Writes an exploration as Markdown, text or JSON, or its charts as pictures: the path's ending chooses.
  case exportExploration(DataExploration, path: String)
  /// Keeps an exploration with the run that follows it.
  case keepExploration(DataExploration, folder: String)
  /// Writes the card of a model as Markdown, text or JSON, or its charts as pictures: the path's ending chooses.
  case exportModel(ModelCard, path: String, title: String)
  /// Predicts the rows of a step with a trained model.
  case predict(NodeRequest, PredictionRequest)
  /// Serves a trained model over HTTP until the job is cancelled: emits `.serving` as requests come.
  case serve(ServingRequest)
  /// Runs SQL over a source, which is called `data`.
  case query(Source, sql: String)
  /// Brings the answer of a Spark cluster here, as a file.
  case spark(SparkQuery, path: String, format: SourceFormat?)
  /// Runs a flow on a cluster.
  case cluster(ClusterRun)
  /// Explains the predictions of a model for the rows of a step.
  case explain(NodeRequest, ExplainSpec)
  /// The same of one row, whose cells may stand nowhere in the step.
  case explainRow(NodeRequest, ExplainSpec, [RowCell])
  /// Looks for the smallest change of a row that flips what a model decides of it.
  case flipRow(NodeRequest, ExplainSpec, [RowCell])
  /// Explains texts of rows of a step, or of one row, by their words, sentences or paragraphs.
  case explainTexts(NodeRequest, ExplainSpec, TextExplainSpec)
  /// Trains word vectors or a text classifier, or asks something of them: emits `.embedding` while it trains.
  case embed(EmbedSpec)
  /// Asks the word lab something.
  case lab(LabSpec)
  /// Asks S3, the Glue catalogue or Athena something.
  case cloud(CloudSpec)

  /// The job with values in place of the flow's parameters.
  /// - Throws: `FlowError` where a step lacks one.
  func filled() throws -> JobSpec {
    switch self {
    case .open(let request): .open(try request.filled())
    case .rows(let request, let range): .rows(try request.filled(), range)
    case .tail(let request, let count): .tail(try request.filled(), count)
    case .find(let request, let search): .find(try request.filled(), search)
    case .locate(let request, let row): .locate(try request.filled(), row: row)
    case .rowIDs(let request, let range): .rowIDs(try request.filled(), range)
    case .count(let request): .count(try request.filled())
    case .losses(let request): .losses(try request.filled())
    case .header(let request): .header(try request.filled())
    case .analyze(let request, let spec): .analyze(try request.filled(), spec)
    case .inspect(let request, let column, let target):
      .inspect(try request.filled(), column: column, target: target)
    case .effect(let request): .effect(try request.filled())
    case .fit(let request): .fit(try request.filled())
    case .lineage(let request, let column): .lineage(try request.filled(), column: column)
    case .write(let request, let path, let format): .write(try request.filled(), path: path, format: format)
    case .copy(let request, let copy): .copy(try request.filled(), copy)
    case .automl(let request, let options, let validation, let test, let folder):
      .automl(
        try request.filled(), options, validation: try validation?.filled(), test: try test?.filled(), folder: folder)
    case .planTraining(let request, let options, let validation):
      .planTraining(try request.filled(), options, validation: try validation?.filled())
    case .explore(let request, let exploration): .explore(try request.filled(), try exploration.filled())
    case .predict(let request, let prediction): .predict(try request.filled(), prediction)
    case .explain(let request, let spec): .explain(try request.filled(), spec)
    case .problem(let request, let options): .problem(try request.filled(), options)
    case .importance(let request, let study): .importance(try request.filled(), study)
    case .modelShap(let request, let study, let candidate):
      .modelShap(try request.filled(), study, candidate: candidate)
    case .modelBias(let request, let study, let question): .modelBias(try request.filled(), study, question)
    case .cluster(let run):
      .cluster(ClusterRun(try run.request.filled(), on: run.place, goal: run.goal, sample: run.sample))
    case .embed(let spec): .embed(try spec.filled())
    case .lab(let spec): .lab(try spec.filled())
    case .explainRow(let request, let spec, let cells): .explainRow(try request.filled(), spec, cells)
    case .flipRow(let request, let spec, let cells): .flipRow(try request.filled(), spec, cells)
    case .explainTexts(let request, let spec, let text): .explainTexts(try request.filled(), spec, text)
    case .preview, .sheets, .exportChart, .exportReport, .exportBias, .exportExplanation, .exportFlow, .query, .spark,
      .serve,
      .steerTraining, .history, .candidate, .exportModel, .keptExploration, .keepExploration,
      .exportExploration, .exportTexts, .cloud:
      self
    }
  }

  /// The lane that suits it.
  public var lane: JobLane {
    switch self {
    case .preview, .sheets, .rows, .tail, .locate, .rowIDs, .lineage, .steerTraining: .interactive
    // A look ahead at a step may open a model: rows for the screen do not wait for that.
    case .inspect, .effect: .following
    case .open, .find, .count, .losses, .header, .fit, .write, .copy, .exportChart, .exportReport, .exportBias,
      .exportExplanation, .exportFlow, .predict, .query, .planTraining, .explore, .explainRow, .flipRow,
      .problem, .history, .spark, .cluster, .candidate, .importance, .modelShap, .modelBias, .exportModel,
      .keptExploration, .keepExploration, .exportExploration, .exportTexts:
      .standard
    // Somebody waits for one text.
    case .explainTexts(_, _, let text) where text.row != nil: .standard
    case .analyze(_, .bias(let study)): study.model == nil ? .standard : .heavy
    case .explain, .explainTexts, .automl, .embed, .analyze(_, .explanation), .analyze(_, .automl): .heavy
    // What is asked while one types must neither wait for a training nor hold up the rows.
    case .lab(.ask), .lab(.models): .following
    case .lab(.pause): .interactive
    case .lab(.map): .standard
    case .lab(.search): .heavy
    // What waits for a network must hold up nothing.
    case .serve, .cloud: .lasting
    case .analyze(_, let spec): spec.kind == .quickModel || spec.kind == .quality ? .heavy : .standard
    }
  }

  /// What the jobs pane calls it.
  public var title: String {
    switch self {
    case .preview(let source): "preview \(source.location)"
    case .sheets(let source): "sheets of \(source.location)"
    case .open(let request):
      switch request.look.summary {
      case .frequency(let frequency, _): "frequency of \(frequency.columns.joined(separator: " × "))"
      case .description: "describe \(request.title)"
      case nil: "read \(request.title)"
      }
    case .rows: "rows"
    case .tail: "last rows"
    case .find(_, let search): "find \(search.match.pattern)"
    case .locate: "row"
    case .rowIDs: "row ids"
    case .count: "count rows"
    case .losses: "check types"
    case .header: "column profile"
    case .analyze(_, let spec): spec.defaultName
    case .inspect(_, let column, _): "inspect \(column)"
    case .effect: "effect of the step"
    case .fit: "fit"
    case .lineage(_, let column): "lineage of \(column)"
    case .write(_, let path, _): "write \(path)"
    case .copy(let request, _): "copy from \(request.title)"
    case .exportChart(_, let path, _), .exportReport(_, let path, _), .exportBias(_, let path, _),
      .exportExplanation(_, let path, _), .exportFlow(_, _, let path), .exportExploration(_, let path),
      .exportTexts(_, let path):
      "export \(path)"
    case .automl(_, let options, _, _, _): "AutoML: \(options.target)"
    case .planTraining(_, let options, _): "candidates for \(options.target)"
    case .explore(_, let exploration): "explore \(exploration.options.target)"
    case .steerTraining: "steer a training"
    case .predict(let request, _): "predict \(request.title)"
    case .serve(let request): request.title
    case .query: "query"
    case .spark(let query, _, _): "Spark: \(query.title)"
    case .cluster(let run):
      switch run.goal {
      case .here: "bring \(run.request.title) here"
      case .count: "count \(run.request.title)"
      case .there, .first: "Spark: \(run.request.title)"
      }
    case .problem(_, let options): "look at \(options.target)"
    case .history(let folder): "read \(folder)"
    case .candidate(_, let number): number.map { "report on candidate \($0)" } ?? "report on the ensemble"
    case .importance: "importance of columns"
    case .modelShap(_, _, let candidate): "SHAP of \(candidate.map { "candidate \($0)" } ?? "the ensemble")"
    case .modelBias(_, _, let question):
      "bias of \(question.candidate.map { "candidate \($0)" } ?? "the ensemble")"
    case .keptExploration(let folder): "read \(folder)"
    case .keepExploration: "keep the exploration"
    case .exportModel(_, let path, _): "export \(path)"
    case .explain(let request, _): "explain \(request.title)"
    case .explainRow: "explain a row"
    case .flipRow: "what flips a row"
    case .explainTexts(_, _, let text): "explain texts of \(text.column)"
    case .embed(let spec): spec.title
    case .lab(let spec): spec.title
    case .cloud(let spec): spec.title
    }
  }

  /// Work that a person did not ask for by name and that ends in milliseconds is not listed among the jobs.
  public var isListed: Bool {
    switch self {
    case .preview, .sheets, .rows, .tail, .header, .effect, .inspect, .locate, .rowIDs, .count, .losses, .lineage,
      .steerTraining, .problem, .history, .candidate, .keptExploration, .keepExploration, .lab(.models), .lab(.ask),
      .lab(.pause):
      false
    case .find(_, let search): search.isNew
    case .cloud(let spec): spec.isListed
    case .open, .analyze, .fit, .write, .copy, .exportChart, .exportReport, .exportBias, .exportExplanation,
      .exportFlow, .query, .explain, .explainRow, .flipRow, .explainTexts, .automl, .planTraining,
      .explore, .predict, .embed, .serve, .spark, .cluster, .importance, .modelShap, .modelBias, .exportModel,
      .exportExploration, .exportTexts, .lab(.map), .lab(.search):
      true
    }
  }
}
