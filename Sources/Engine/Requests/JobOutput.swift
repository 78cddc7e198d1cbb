import Embed
import Explain
import Flow
import Frame
import Insight
import Learn
import Serving

/// What a job gives back.
public enum JobOutput: Sendable {
  case preview(Preview)
  /// The names of a workbook's sheets, in their order.
  case sheets([String])
  case opened(OpenedNode)
  case rows(RowPage)
  case found(Found)
  /// Nil where the row is not shown.
  case position(Int?)
  /// Ascending, with gaps between.
  case rowIDs([ClosedRange<Int>])
  case count(Int)
  /// Cells that became missing, by column; without columns that lost none.
  case losses([String: Int])
  /// For each column of the step, from its first rows.
  case header([HeaderProfile])
  case analysis(AnalysisResult, Analysis.Provenance)
  case inspection(ColumnInspection)
  case effect(StepEffect)
  case fitted([String: Value], Fitting)
  /// What a catalogued transform has learnt.
  case learned(Parameters, Fitting)
  case lineage(Lineage)
  /// Rows in a file, and which cluster computed them; nil for what ran here.
  case written(path: String, rows: Int, engine: String? = nil)
  case ranOnCluster(ClusterOutcome)
  case copied(CopiedRows)
  /// The path of a chart.
  case exported(path: String)
  case table(DataTable)
  case explained(ExplainedTable)
  case explainedRow(RowExplanation)
  case flippedRow(Counterfactual)
  case explainedTexts(TextExplanation)
  /// Emitted: what a training tells, candidate by candidate.
  case candidate(AutoMLProgress)
  /// Emitted: the candidates that earlier runs into the folder have finished; the result where a folder was asked about.
  case history(RunHistory?)
  case trained(AutoMLReport)
  case planned(AutoMLPlan)
  /// Emitted by a training that has looked at its rows; the result where an exploration was asked for.
  case explored(DataExploration)
  /// Whether a training writes the folder that was asked about.
  case steered(Bool)
  /// Emitted: how a training of word vectors or of a text classifier goes.
  case embedding(TrainingProgress)
  case embedded(EmbedOutput)
  /// Emitted: the scores of word vectors after an epoch, one for each file of pairs.
  case embeddingScores([SimilarityScore])
  case lab(LabAnswer)
  case cloud(CloudAnswer)
  /// Emitted: what a server has done so far.
  case serving(ServingStatus)
  case problem(InferredProblem)
  case candidateReport(CandidateReport)
  case importance(LossImportance)
  case modelShap(ModelShap)
  case modelBias(ModelBias)
  /// What a folder keeps of an exploration; nil where it keeps none.
  case keptExploration(DataExploration?)
  /// Emitted: what a person should know about how the data was read, one sentence each.
  case notes([String])
}

/// A step as far as it is known: emitted several times while it is being read, each time knowing more.
public struct OpenedNode: Sendable, Equatable {
  public var schema: Schema
  public var count: RowCount
  /// What a person should know about how it was read: renamed columns, skipped rows, a fallback encoding.
  public var notes: [String]
  /// True once every row can be reached and later work needs no file.
  public var isComplete: Bool
  /// The cluster on which the rows stay; nil where they are here.
  public var cluster: String?

  public init(schema: Schema, count: RowCount, notes: [String], isComplete: Bool, cluster: String? = nil) {
    self.cluster = cluster
    self.schema = schema
    self.count = count
    self.notes = notes
    self.isComplete = isComplete
  }
}

/// Rows that stand next to each other.
public struct RowPage: Sendable, Equatable {
  /// Number of the first row, from 0; nil when counted from the end and the count is unknown.
  public var first: Int?
  public var rows: DataTable
  public var count: RowCount
  /// For each row its id in the table below the look; nil where ids are the rows' numbers.
  public var ids: [Int]?

  public init(first: Int?, rows: DataTable, count: RowCount, ids: [Int]? = nil) {
    self.first = first
    self.rows = rows
    self.count = count
    self.ids = ids
  }
}
